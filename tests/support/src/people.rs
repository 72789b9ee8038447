//! What people do with their browsers, where a test expects it to work: [`Acts`].

use local::{
    browser::{Form, Page, ScriptedBrowser},
    signin::SignIn,
};
use reqwest::Method;

/// Steps that fail the test where there is no response.
pub trait Acts {
    /// Opens an address.
    fn opens(&mut self, address: &str) -> impl Future<Output = Page> + Send;

    /// Presses a button, with these fields changed.
    fn presses(
        &mut self,
        page: &Page,
        button: &str,
        changes: &[(&str, &str)],
    ) -> impl Future<Output = Page> + Send;

    /// Sends a form as it is.
    fn submits(&mut self, form: &Form) -> impl Future<Output = Page> + Send;

    /// From the link through the sign-in with this account, to what the callback answers.
    fn signs_in(
        &mut self,
        link: &str,
        service: &SignIn,
        account: &str,
    ) -> impl Future<Output = Page> + Send;

    /// Signs in at the address that the app has sent the browser to; returns where it is sent back.
    fn signs_in_at(
        &self,
        service: &SignIn,
        authorize: &str,
        account: &str,
    ) -> impl Future<Output = String> + Send;

    /// Any request.
    fn asks(
        &mut self,
        method: Method,
        address: &str,
        form: Option<&[(String, String)]>,
    ) -> impl Future<Output = Page> + Send;
}

impl Acts for ScriptedBrowser {
    async fn opens(&mut self, address: &str) -> Page {
        self.open(address).await.unwrap()
    }

    async fn presses(&mut self, page: &Page, button: &str, changes: &[(&str, &str)]) -> Page {
        self.press(page, button, changes).await.unwrap()
    }

    async fn submits(&mut self, form: &Form) -> Page {
        self.send(form).await.unwrap()
    }

    async fn signs_in(&mut self, link: &str, service: &SignIn, account: &str) -> Page {
        self.sign_in(link, service, account).await.unwrap()
    }

    async fn signs_in_at(&self, service: &SignIn, authorize: &str, account: &str) -> String {
        service
            .sign_in_as(self.http(), authorize, account)
            .await
            .unwrap()
    }

    async fn asks(
        &mut self,
        method: Method,
        address: &str,
        form: Option<&[(String, String)]>,
    ) -> Page {
        self.request(method, address, form).await.unwrap()
    }
}
