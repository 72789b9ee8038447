// A deployment as most are: what it asks of Azure is in typical.snapshot.json (infra/lint compares and updates it).
using '../main.bicep'

param environmentName = 'onboarding'
param location = 'westeurope'
param operatorPrincipalId = '33333333-3333-3333-3333-333333333333'

param app = {
  publicBaseUrl: ''
  entraAuthority: 'https://login.microsoftonline.com/common/v2.0'
  entraClientId: '22222222-2222-2222-2222-222222222222'
  entraClientAssertion: ''
  entraAllowedTenants: ''
  entraTrustedEmailTenants: ''
  entraSignUpPrompt: ''
  deskTenant: ''
  invitationDays: 30
  remindDaysBefore: ''
  retentionDays: 365
  eventFeedDays: 30
  deliverSchedule: '0 * * * * *'
  purgeSchedule: '0 17 * * * *'
  mailFrom: 'My rConnect <no-reply@rconnect.example>'
  webhookUrl: ''
  platformName: 'My rConnect'
  platformColor: ''
  platformLogo: ''
  platformPurpose: ''
  docsUrl: ''
  legalLinks: ''
  platformUrl: 'https://rconnect.example'
  supportUrl: 'https://rconnect.example/help'
  welcomeLinks: ''
  otlpEndpoint: ''
  otlpHeaders: false
  otlpSampleRatio: '1'
}

param hosting = {
  instanceMemoryMB: 512
  maximumInstanceCount: 40
  httpConcurrency: 0
  alwaysReady: 0
  zoneRedundant: false
  rollingUpdates: false
}

param storage = {
  sku: 'Standard_ZRS'
  protect: true
  log: true
}

param network = {
  private: false
  addressPrefix: '10.40.0.0/16'
  frontDoorId: ''
}

param alerting = {
  email: 'operators@rconnect.example'
  availabilityTest: true
}
