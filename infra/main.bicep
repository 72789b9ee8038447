// Everything the app needs, in one resource group. Nothing here holds or passes on a secret: the secrets are put into
// the key vault by an operator (docs/OPERATIONS.md), storage has no keys, and the app proves itself by its identity.
//
//   az deployment group create -g GROUP -f infra/main.bicep -p infra/main.bicepparam
targetScope = 'resourceGroup'

@description('Part of every name; azd calls it the environment.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('A region that has Flex Consumption.')
param location string = resourceGroup().location

@description('Who is told by the alerts; empty: the alerts are seen in the portal only.')
param alertEmail string = ''

@description('What recipients open, scheme and host; empty: the name that Azure gives the app.')
param publicBaseUrl string = ''

@description('See ENTRA_AUTHORITY in local.settings.json.example.')
param entraAuthority string = '${environment().authentication.loginEndpoint}common/v2.0'

@description('Application (client) id of the app registration: infra/register-app.sh prints it.')
param entraClientId string

@description('true: the app registration has a secret, entra-client-secret in the vault. false: the identity takes its place.')
param entraClientSecret bool = false

@description('Tenant ids, comma separated; empty: any.')
param entraAllowedTenants string = ''

@description('Tenant ids, comma separated.')
param entraTrustedEmailTenants string = ''

@description('create, or empty.')
param entraSignUpPrompt string = ''

@description('How many days an invitation can be accepted.')
@minValue(1)
@maxValue(3650)
param invitationDays int = 30

@description('How many days after the last thing that happened to an invitation it is deleted, with its company.')
@minValue(1)
@maxValue(3650)
param retentionDays int = 365

@description('Sender of the e-mails; empty: none go out. The server is smtp-url in the vault.')
param mailFrom string = ''

@description('Who is told what happens; empty: nobody. The secret is webhook-secret in the vault.')
param webhookUrl string = ''

@description('The name of the platform on every page.')
param platformName string

@description('The colour of buttons and links, #rrggbb; empty: blue.')
param platformColor string = ''

@description('The platform itself.')
param platformUrl string = ''

@description('Where people find help.')
param supportUrl string = ''

@description('JSON: the tiles of the welcome page.')
param welcomeLinks string = ''

@description('An OpenTelemetry collector (OTLP over HTTP) for traces and metrics; empty: none.')
param otlpEndpoint string = ''

@description('Whether the collector wants headers; they are otlp-headers in the vault.')
param otlpHeaders bool = false

@description('Of how many invitations the traces are kept, from 0 to 1.')
param otlpSampleRatio string = '1'

@description('ZRS keeps a copy in each of three zones.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param storageSku string = 'Standard_ZRS'

@description('Memory of an instance.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances there may be: a bound on the bill.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Instances that never sleep, for HTTP; 0: the first visitor after a quiet time waits for a start.')
@minValue(0)
param alwaysReady int = 0

@description('Replace instances one after the other while deploying. A preview of Azure at the time of writing.')
param rollingUpdates bool = false

@description('A lock keeps the storage account from being deleted.')
param protectData bool = true

var token = toLower(uniqueString(resourceGroup().id, environmentName))
var tags = { 'azd-env-name': environmentName }
var table = 'Invitations'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${environmentName}-${token}'
  location: location
  tags: tags
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    sku: storageSku
    table: table
    principalId: identity.properties.principalId
    protect: protectData
  }
}

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: '${environmentName}-${token}'
    location: location
    tags: tags
    principalId: identity.properties.principalId
  }
}

module vault 'vault.bicep' = {
  name: 'vault'
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    principalId: identity.properties.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module app 'app.bicep' = {
  name: 'app'
  params: {
    name: 'func-${environmentName}-${token}'
    location: location
    tags: tags
    identityId: identity.id
    identityClientId: identity.properties.clientId
    storageName: storage.outputs.name
    packageContainerUrl: storage.outputs.packageContainerUrl
    vaultUri: vault.outputs.uri
    insightsConnectionString: monitoring.outputs.connectionString
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    rollingUpdates: rollingUpdates
    publicBaseUrl: publicBaseUrl
    entraAuthority: entraAuthority
    entraClientId: entraClientId
    entraClientSecret: entraClientSecret
    entraAllowedTenants: entraAllowedTenants
    entraTrustedEmailTenants: entraTrustedEmailTenants
    entraSignUpPrompt: entraSignUpPrompt
    invitationTable: table
    invitationDays: invitationDays
    retentionDays: retentionDays
    mailFrom: mailFrom
    webhookUrl: webhookUrl
    platformName: platformName
    platformColor: platformColor
    platformUrl: platformUrl
    supportUrl: supportUrl
    welcomeLinks: welcomeLinks
    otlpEndpoint: otlpEndpoint
    otlpHeaders: otlpHeaders
    otlpSampleRatio: otlpSampleRatio
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    name: '${environmentName}-${token}'
    location: location
    tags: tags
    email: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
  }
}

output AZURE_FUNCTION_NAME string = app.outputs.name
output PUBLIC_BASE_URL string = app.outputs.publicBaseUrl
output AZURE_KEY_VAULT_NAME string = vault.outputs.name
output AZURE_STORAGE_NAME string = storage.outputs.name
@description('For infra/register-app.sh: whom the federated credential names.')
output IDENTITY_PRINCIPAL_ID string = identity.properties.principalId
