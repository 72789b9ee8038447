// Filled from the environment: `azd env set NAME VALUE`, or `export NAME=VALUE` before `az deployment`. Most names are
// those of the app's settings (local.settings.json.example explains them); none of these values is a secret.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'onboarding')
param location = readEnvironmentVariable('AZURE_LOCATION', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')

param app = {
  publicBaseUrl: readEnvironmentVariable('PUBLIC_BASE_URL_SETTING', '')
  entraAuthority: readEnvironmentVariable('ENTRA_AUTHORITY', 'https://login.microsoftonline.com/common/v2.0')
  entraClientId: readEnvironmentVariable('ENTRA_CLIENT_ID', '')
  entraClientAssertion: readEnvironmentVariable('ENTRA_CLIENT_ASSERTION', '')
  entraAllowedTenants: readEnvironmentVariable('ENTRA_ALLOWED_TENANTS', '')
  entraTrustedEmailTenants: readEnvironmentVariable('ENTRA_TRUSTED_EMAIL_TENANTS', '')
  entraSignUpPrompt: readEnvironmentVariable('ENTRA_SIGN_UP_PROMPT', '')
  deskTenant: readEnvironmentVariable('DESK_TENANT', '')
  invitationDays: int(readEnvironmentVariable('INVITATION_DAYS', '30'))
  remindDaysBefore: readEnvironmentVariable('REMIND_DAYS_BEFORE', '')
  retentionDays: int(readEnvironmentVariable('RETENTION_DAYS', '365'))
  eventFeedDays: int(readEnvironmentVariable('EVENT_FEED_DAYS', '30'))
  deliverSchedule: readEnvironmentVariable('DELIVER_SCHEDULE', '0 * * * * *')
  purgeSchedule: readEnvironmentVariable('PURGE_SCHEDULE', '0 17 * * * *')
  mailFrom: readEnvironmentVariable('MAIL_FROM', '')
  webhookUrl: readEnvironmentVariable('WEBHOOK_URL', '')
  platformName: readEnvironmentVariable('PLATFORM_NAME', '')
  platformColor: readEnvironmentVariable('PLATFORM_COLOR', '')
  platformLogo: readEnvironmentVariable('PLATFORM_LOGO', '')
  platformPurpose: readEnvironmentVariable('PLATFORM_PURPOSE', '')
  platformUrl: readEnvironmentVariable('PLATFORM_URL', '')
  supportUrl: readEnvironmentVariable('SUPPORT_URL', '')
  docsUrl: readEnvironmentVariable('DOCS_URL', '')
  legalLinks: readEnvironmentVariable('LEGAL_LINKS', '')
  welcomeLinks: readEnvironmentVariable('WELCOME_LINKS', '')
  otlpEndpoint: readEnvironmentVariable('OTEL_EXPORTER_OTLP_ENDPOINT', '')
  otlpHeaders: bool(readEnvironmentVariable('OTLP_HEADERS_IN_VAULT', 'false'))
  otlpSampleRatio: readEnvironmentVariable('OTEL_TRACES_SAMPLER_ARG', '1')
}

param hosting = {
  instanceMemoryMB: int(readEnvironmentVariable('INSTANCE_MEMORY_MB', '2048'))
  maximumInstanceCount: int(readEnvironmentVariable('MAXIMUM_INSTANCE_COUNT', '100'))
  httpConcurrency: int(readEnvironmentVariable('HTTP_CONCURRENCY', '0'))
  alwaysReady: int(readEnvironmentVariable('ALWAYS_READY', '0'))
  zoneRedundant: bool(readEnvironmentVariable('ZONE_REDUNDANT', 'false'))
  rollingUpdates: bool(readEnvironmentVariable('ROLLING_UPDATES', 'false'))
}

param storage = {
  sku: readEnvironmentVariable('STORAGE_SKU', 'Standard_ZRS')
  protect: bool(readEnvironmentVariable('PROTECT_DATA', 'true'))
  log: bool(readEnvironmentVariable('STORAGE_LOGS', 'true'))
}

param network = {
  private: bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))
  addressPrefix: readEnvironmentVariable('NETWORK_PREFIX', '10.40.0.0/16')
  frontDoorId: readEnvironmentVariable('FRONT_DOOR_ID', '')
}

param alerting = {
  email: readEnvironmentVariable('ALERT_EMAIL', '')
  availabilityTest: bool(readEnvironmentVariable('AVAILABILITY_TEST', 'true'))
}
