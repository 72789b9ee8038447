// A deployment with everything on: what it asks of Azure is in full.snapshot.json (infra/lint compares and updates it).
using '../main.bicep'

param environmentName = 'onboarding'
param location = 'westeurope'
param operatorPrincipalId = '33333333-3333-3333-3333-333333333333'

param app = {
  publicBaseUrl: 'https://invite.rconnect.example'
  entraAuthority: 'https://login.microsoftonline.com/common/v2.0'
  entraClientId: '22222222-2222-2222-2222-222222222222'
  entraClientAssertion: 'managed-identity'
  entraAllowedTenants: ''
  entraTrustedEmailTenants: ''
  entraSignUpPrompt: ''
  deskTenant: '66666666-6666-6666-6666-666666666666'
  invitationDays: 30
  remindDaysBefore: '7,1'
  retentionDays: 365
  eventFeedDays: 30
  deliverSchedule: '0 */10 * * * *'
  purgeSchedule: '0 0 3 * * *'
  mailFrom: 'My rConnect <no-reply@rconnect.example>'
  webhookUrl: 'https://crm.rconnect.example/hook'
  platformName: 'My rConnect'
  platformColor: ''
  platformLogo: ''
  platformPurpose: ''
  docsUrl: ''
  legalLinks: ''
  platformUrl: 'https://rconnect.example'
  supportUrl: 'https://rconnect.example/help'
  welcomeLinks: ''
  otlpEndpoint: 'https://collector.rconnect.example'
  otlpHeaders: true
  otlpSampleRatio: '0.1'
}

param hosting = {
  instanceMemoryMB: 512
  maximumInstanceCount: 40
  httpConcurrency: 16
  alwaysReady: 2
  zoneRedundant: true
  rollingUpdates: true
}

param storage = {
  sku: 'Standard_ZRS'
  protect: true
  log: true
}

param network = {
  private: true
  addressPrefix: '10.40.0.0/16'
  frontDoorId: '55555555-5555-5555-5555-555555555555'
}

param alerting = {
  email: 'operators@rconnect.example'
  availabilityTest: true
}
