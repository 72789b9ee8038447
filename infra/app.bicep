// The function app on Flex Consumption: a custom handler, so there is no FUNCTIONS_WORKER_RUNTIME.

param name string
param location string
param tags object
param identityId string
param identityClientId string
param storageName string
param packageContainerUrl string
param vaultUri string
param insightsConnectionString string
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReady int
param rollingUpdates bool
param publicBaseUrl string
param entraAuthority string
param entraClientId string
param entraClientSecret bool
param entraAllowedTenants string
param entraTrustedEmailTenants string
param entraSignUpPrompt string
param invitationTable string
param invitationDays int
param retentionDays int
param mailFrom string
param webhookUrl string
param platformName string
param platformColor string
param platformUrl string
param supportUrl string
param welcomeLinks string
param otlpEndpoint string
param otlpHeaders bool
param otlpSampleRatio string

var publicUrl = empty(publicBaseUrl) ? 'https://${name}.azurewebsites.net' : publicBaseUrl

// References without a version: a new one is taken at the next restart, and within 24 hours otherwise.
// https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
var secret = {
  sessionKeys: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/session-keys)'
  entraClientSecret: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/entra-client-secret)'
  smtpUrl: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/smtp-url)'
  webhookSecret: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/webhook-secret)'
  otlpHeaders: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/otlp-headers)'
}

// What the handler reads; a test compares the names with those in the code. An empty value is as good as none.
var settings = {
  PUBLIC_BASE_URL: publicUrl
  ENTRA_AUTHORITY: entraAuthority
  ENTRA_CLIENT_ID: entraClientId
  ENTRA_CLIENT_SECRET: entraClientSecret ? secret.entraClientSecret : ''
  ENTRA_CLIENT_ASSERTION: entraClientSecret ? '' : 'managed-identity'
  AZURE_CLIENT_ID: identityClientId
  ENTRA_ALLOWED_TENANTS: entraAllowedTenants
  ENTRA_TRUSTED_EMAIL_TENANTS: entraTrustedEmailTenants
  ENTRA_SIGN_UP_PROMPT: entraSignUpPrompt
  SESSION_KEYS: secret.sessionKeys
  INVITATION_STORAGE__accountName: storageName
  INVITATION_STORAGE__clientId: identityClientId
  INVITATION_TABLE: invitationTable
  INVITATION_DAYS: string(invitationDays)
  RETENTION_DAYS: string(retentionDays)
  SMTP_URL: empty(mailFrom) ? '' : secret.smtpUrl
  MAIL_FROM: mailFrom
  WEBHOOK_URL: webhookUrl
  WEBHOOK_SECRET: empty(webhookUrl) ? '' : secret.webhookSecret
  WEBHOOK_ALLOW_PRIVATE: 'false'
  PLATFORM_NAME: platformName
  PLATFORM_COLOR: platformColor
  PLATFORM_URL: platformUrl
  SUPPORT_URL: supportUrl
  WELCOME_LINKS: welcomeLinks
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint
  OTEL_EXPORTER_OTLP_HEADERS: empty(otlpEndpoint) || !otlpHeaders ? '' : secret.otlpHeaders
  OTEL_SERVICE_NAME: 'onboarding'
  OTEL_RESOURCE_ATTRIBUTES: ''
  OTEL_TRACES_SAMPLER: empty(otlpEndpoint) ? '' : 'traceidratio'
  OTEL_TRACES_SAMPLER_ARG: empty(otlpEndpoint) ? '' : otlpSampleRatio
  RUST_LOG: ''
}

// What the Functions host reads.
var hostSettings = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: map(items(union(settings, hostSettings)), setting => { name: setting.key, value: setting.value })
    }
    functionAppConfig: {
      runtime: { name: 'custom', version: '1.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: alwaysReady }]
      }
      // A preview: not every published description of this type has the property.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: rollingUpdates ? 'RollingUpdate' : 'Recreate' }
    }
  }
}

// Nobody publishes with a password.
resource noPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = [for kind in ['scm', 'ftp']: {
  parent: app
  name: kind
  properties: { allow: false }
}]

output name string = app.name
output publicBaseUrl string = publicUrl
