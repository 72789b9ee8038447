// The function app on Flex Consumption: a custom handler, so there is no FUNCTIONS_WORKER_RUNTIME.

import { App, Hosting, Tags } from 'types.bicep'

@description('The function app.')
param name string

@description('Where.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('The identity of the app.')
param identityName string

@description('The account with the invitations.')
param dataAccount string

@description('The account of the Functions host.')
param hostAccount string

@description('Where the packages are.')
param packageContainerUrl string

@description('The key vault.')
param vaultUri string

@description('Where logs and traces go.')
param insightsConnectionString string

@description('The subnet that the app runs in; empty: none.')
param subnetId string

@description('Id of the Azure Front Door that alone may call the app; empty: anyone may.')
param frontDoorId string

@description('Its instances.')
param hosting Hosting

@description('Its settings.')
param app App

@description('What recipients open.')
param publicBaseUrl string

@description('The table with the invitations.')
param table string

// References without a version, so that a new one is taken: within 24 hours, or when infra/refresh-secrets asks for it.
// A restart does not read them again.
// https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
@description('References into the key vault.')
var secret = {
  sessionKeys: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/session-keys)'
  entraClientSecret: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/entra-client-secret)'
  smtpUrl: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/smtp-url)'
  webhookSecret: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/webhook-secret)'
  otlpHeaders: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/otlp-headers)'
}

@description('What the handler reads; a test compares the names with those in the code. An empty value is as good as none.')
var settings = {
  PUBLIC_BASE_URL: publicBaseUrl
  ENTRA_AUTHORITY: app.entraAuthority
  ENTRA_CLIENT_ID: empty(app.entraClientId) ? fail('ENTRA_CLIENT_ID is not set.') : app.entraClientId
  ENTRA_CLIENT_SECRET: empty(app.entraClientAssertion) ? secret.entraClientSecret : ''
  ENTRA_CLIENT_ASSERTION: app.entraClientAssertion
  AZURE_CLIENT_ID: identity.properties.clientId
  ENTRA_ALLOWED_TENANTS: app.entraAllowedTenants
  ENTRA_TRUSTED_EMAIL_TENANTS: app.entraTrustedEmailTenants
  ENTRA_SIGN_UP_PROMPT: app.entraSignUpPrompt
  DESK_TENANT: app.deskTenant
  SESSION_KEYS: secret.sessionKeys
  INVITATION_STORAGE__accountName: dataAccount
  INVITATION_STORAGE__clientId: identity.properties.clientId
  INVITATION_TABLE: table
  INVITATION_DAYS: string(app.invitationDays)
  REMIND_DAYS_BEFORE: app.remindDaysBefore
  RETENTION_DAYS: string(app.retentionDays)
  EVENT_FEED_DAYS: string(app.eventFeedDays)
  DELIVER_SCHEDULE: app.deliverSchedule
  PURGE_SCHEDULE: app.purgeSchedule
  SMTP_URL: empty(app.mailFrom) ? '' : secret.smtpUrl
  MAIL_FROM: app.mailFrom
  WEBHOOK_URL: app.webhookUrl
  WEBHOOK_SECRET: empty(app.webhookUrl) ? '' : secret.webhookSecret
  WEBHOOK_ALLOW_PRIVATE: 'false'
  PLATFORM_NAME: empty(app.platformName) ? fail('PLATFORM_NAME is not set.') : app.platformName
  PLATFORM_COLOR: app.platformColor
  PLATFORM_LOGO: app.platformLogo
  PLATFORM_PURPOSE: app.platformPurpose
  PLATFORM_URL: app.platformUrl
  SUPPORT_URL: app.supportUrl
  DOCS_URL: app.docsUrl
  LEGAL_LINKS: app.legalLinks
  WELCOME_LINKS: app.welcomeLinks
  OTEL_EXPORTER_OTLP_ENDPOINT: app.otlpEndpoint
  OTEL_EXPORTER_OTLP_HEADERS: empty(app.otlpEndpoint) || !app.otlpHeaders ? '' : secret.otlpHeaders
  OTEL_SERVICE_NAME: 'onboarding'
  OTEL_RESOURCE_ATTRIBUTES: ''
  OTEL_TRACES_SAMPLER: empty(app.otlpEndpoint) ? '' : 'traceidratio'
  OTEL_TRACES_SAMPLER_ARG: empty(app.otlpEndpoint) ? '' : app.otlpSampleRatio
  RUST_LOG: ''
}

@description('What the Functions host reads.')
var hostSettings = {
  AzureWebJobsStorage__accountName: hostAccount
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  // `/` answers 204 instead of a page of 150 KB about Azure Functions.
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
}

@description('With a front door, nobody goes past it: its requests bear its id in a header that it sets itself.')
var restrictions = empty(frontDoorId)
  ? []
  : [
      {
        name: 'front-door'
        priority: 100
        action: 'Allow'
        tag: 'ServiceTag'
        ipAddress: 'AzureFrontDoor.Backend'
        headers: { 'x-azure-fdid': [frontDoorId] }
      }
    ]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: {
    reserved: true
    zoneRedundant: hosting.zoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    ...(empty(subnetId) ? {} : { virtualNetworkSubnetId: subnetId })
    siteConfig: {
      minTlsVersion: '1.2'
      ipSecurityRestrictionsDefaultAction: empty(restrictions) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: restrictions
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
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: hosting.instanceMemoryMB
        maximumInstanceCount: hosting.maximumInstanceCount
        alwaysReady: hosting.alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: hosting.alwaysReady }]
        ...(hosting.httpConcurrency == 0
          ? {}
          : { triggers: { http: { perInstanceConcurrency: hosting.httpConcurrency } } })
      }
      // A preview: the published types do not have it yet.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: hosting.rollingUpdates ? 'RollingUpdate' : 'Recreate' }
    }
  }

  // Nobody publishes with a password.
  resource noPasswordForScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource noPasswordForFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

@description('The function app.')
output name string = site.name
