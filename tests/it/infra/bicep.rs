//! A Bicep file, read with its grammar.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use tree_sitter::{Node, Parser, Tree};

pub(crate) struct Bicep {
    text: String,
    tree: Tree,
}

/// A module that is called.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) params: BTreeSet<String>,
}

impl Bicep {
    pub(crate) fn read(path: &Path) -> Self {
        Self::parse(&fs::read_to_string(path).unwrap())
    }

    pub(crate) fn parse(text: &str) -> Self {
        let mut parser = Parser::new();
        parser
            .set_language(&tree_sitter_bicep::LANGUAGE.into())
            .unwrap();
        Self {
            tree: parser.parse(text, None).unwrap(),
            text: text.to_owned(),
        }
    }

    /// Where the grammar does not know what to make of it.
    pub(crate) fn errors(&self) -> Vec<String> {
        let wrong = self
            .all()
            .into_iter()
            .filter(|node| node.is_error() || node.is_missing());
        wrong
            .map(|node| format!("line {}: {}", node.start_position().row + 1, self.of(node)))
            .collect()
    }

    pub(crate) fn params(&self) -> BTreeMap<String, String> {
        let declared = self.statements("parameter_declaration");
        declared
            .map(|node| (self.name(node), self.of(node).to_owned()))
            .collect()
    }

    pub(crate) fn outputs(&self) -> BTreeSet<String> {
        self.statements("output_declaration")
            .map(|node| self.name(node))
            .collect()
    }

    /// Names that are used and not declared.
    pub(crate) fn undeclared(&self) -> Vec<String> {
        let declared = self.declared();
        self.used()
            .into_iter()
            .filter(|name| !declared.contains(name))
            .collect()
    }

    /// Parameters and variables that are declared and not used.
    pub(crate) fn unused(&self) -> Vec<String> {
        let used = self.used();
        let declared = ["parameter_declaration", "variable_declaration"]
            .into_iter()
            .flat_map(|kind| self.statements(kind));
        declared
            .map(|node| self.name(node))
            .filter(|name| !used.contains(name))
            .collect()
    }

    pub(crate) fn modules(&self) -> Vec<Module> {
        let called = self.statements("module_declaration");
        called
            .map(|node| {
                let body = self.members(child(node, "object").unwrap());
                let params = body.iter().find(|(name, _)| name == "params").unwrap().1;
                Module {
                    name: self.name(node),
                    path: self
                        .of(child(node, "string").unwrap())
                        .trim_matches('\'')
                        .to_owned(),
                    params: self
                        .members(params)
                        .into_iter()
                        .map(|(name, _)| name)
                        .collect(),
                }
            })
            .collect()
    }

    /// What is asked of a module: `name.outputs.…`.
    pub(crate) fn outputs_asked_of(&self, module: &str) -> BTreeSet<String> {
        let before = format!("{module}.outputs.");
        let asked = self
            .text
            .match_indices(&before)
            .map(|(at, _)| &self.text[at + before.len()..]);
        asked
            .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect())
            .collect()
    }

    /// The members of a variable that is an object, as they are written.
    pub(crate) fn object(&self, variable: &str) -> BTreeMap<String, String> {
        let declared = self
            .statements("variable_declaration")
            .find(|node| self.name(*node) == variable)
            .unwrap();
        let members = self.members(child(declared, "object").unwrap());
        members
            .into_iter()
            .map(|(name, value)| (name, self.of(value).to_owned()))
            .collect()
    }

    fn members<'a>(&'a self, object: Node<'a>) -> Vec<(String, Node<'a>)> {
        let properties = children(object)
            .into_iter()
            .filter(|node| node.kind() == "object_property");
        properties
            .map(|property| {
                let parts = children(property);
                (
                    self.of(parts[0]).trim_matches('\'').to_owned(),
                    *parts.last().unwrap(),
                )
            })
            .collect()
    }

    fn declared(&self) -> BTreeSet<String> {
        let all = self.all().into_iter().filter_map(|node| match node.kind() {
            "parameter_declaration"
            | "variable_declaration"
            | "resource_declaration"
            | "module_declaration" => Some(self.name(node)),
            "for_statement" | "lambda_expression" => Some(self.of(node.named_child(0)?).to_owned()),
            _ => None,
        });
        all.collect()
    }

    /// Identifiers that stand for a value.
    fn used(&self) -> BTreeSet<String> {
        let used = self
            .all()
            .into_iter()
            .filter(|node| node.kind() == "identifier" && stands_for_a_value(*node));
        used.map(|node| self.of(node).to_owned()).collect()
    }

    fn name(&self, declaration: Node<'_>) -> String {
        self.of(child(declaration, "identifier").unwrap())
            .to_owned()
    }

    fn statements<'a>(&'a self, kind: &'static str) -> impl Iterator<Item = Node<'a>> {
        self.all()
            .into_iter()
            .filter(move |node| node.kind() == kind)
    }

    fn all(&self) -> Vec<Node<'_>> {
        let (mut found, mut open) = (Vec::new(), vec![self.tree.root_node()]);
        while let Some(node) = open.pop() {
            found.push(node);
            let mut cursor = node.walk();
            let below: Vec<_> = node.children(&mut cursor).collect();
            open.extend(below.into_iter().rev());
        }
        found
    }

    fn of(&self, node: Node<'_>) -> &str {
        &self.text[node.byte_range()]
    }
}

/// The first part of these is a name of their own: what is declared, a key, a function, the
/// variable of a loop.
fn stands_for_a_value(node: Node<'_>) -> bool {
    let parent = node.parent().unwrap();
    let first = parent
        .named_child(0)
        .is_some_and(|first| first.id() == node.id());
    match parent.kind() {
        "object_property" | "call_expression" | "lambda_expression" | "for_statement" => !first,
        "resource_expression" => first,
        kind => !(kind.ends_with("_declaration") && first),
    }
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

fn child<'a>(node: Node<'a>, kind: &str) -> Option<Node<'a>> {
    children(node)
        .into_iter()
        .find(|child| child.kind() == kind)
}
