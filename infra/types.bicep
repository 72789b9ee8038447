// The types of what main.bicep takes and passes on.

@export()
@description('Tags of a resource.')
type Tags = {
  @description('Name and value.')
  *: string
}

@export()
@description('What the handler is told by its settings; local.settings.json.example explains each of them.')
@sealed()
type App = {
  @description('What recipients open, scheme and host; empty: the name that Azure gives the app.')
  publicBaseUrl: string

  @description('ENTRA_AUTHORITY.')
  entraAuthority: string

  @description('Application (client) id of the app registration; infra/register-app.sh prints it.')
  entraClientId: string

  @description('managed-identity, or empty: the secret entra-client-secret in the key vault.')
  entraClientAssertion: string

  @description('Tenant ids, comma separated; empty: any.')
  entraAllowedTenants: string

  @description('Tenant ids, comma separated.')
  entraTrustedEmailTenants: string

  @description('create, or empty.')
  entraSignUpPrompt: string

  @description('The tenant whose staff use the desk; empty: there is no desk.')
  deskTenant: string

  @description('How many days an invitation can be accepted.')
  @minValue(1)
  @maxValue(3650)
  invitationDays: int

  @description('How many days before the expiry recipients are reminded, such as 7,1; empty: never.')
  remindDaysBefore: string

  @description('How many days after its last event an invitation is deleted, with its company.')
  @minValue(1)
  @maxValue(3650)
  retentionDays: int

  @description('How many days the feed of events goes back; 0: there is no feed.')
  @minValue(0)
  @maxValue(3650)
  eventFeedDays: int

  @description('When retries are delivered, as NCRONTAB in UTC.')
  deliverSchedule: string

  @description('When invitations past their retention are deleted, as NCRONTAB in UTC.')
  purgeSchedule: string

  @description('Sender of the e-mails; empty: none are sent. The server is smtp-url in the key vault.')
  mailFrom: string

  @description('Receiver of the events; empty: none. Its secret is webhook-secret in the key vault.')
  webhookUrl: string

  @description('The name of the platform on every page.')
  platformName: string

  @description('The colour of buttons and links, #rrggbb; empty: blue.')
  platformColor: string

  @description('The platform itself.')
  platformUrl: string

  @description('Where people find help.')
  supportUrl: string

  @description('Where people find documentation.')
  docsUrl: string

  @description('JSON: privacy, imprint, terms.')
  legalLinks: string

  @description('A data: URI of an SVG or PNG; empty: the initial.')
  platformLogo: string

  @description('What the platform is for: a sentence, or JSON with one for each language.')
  platformPurpose: string

  @description('JSON: the tiles of the welcome page.')
  welcomeLinks: string

  @description('An OpenTelemetry collector (OTLP over HTTP) for traces and metrics; empty: none.')
  otlpEndpoint: string

  @description('Whether the collector needs headers: otlp-headers in the key vault.')
  otlpHeaders: bool

  @description('The share of invitations whose traces are kept, from 0 to 1.')
  otlpSampleRatio: string
}

@export()
@description('The instances of the app.')
@sealed()
type Hosting = {
  @description('Memory of an instance in MB: 512, 2048 or 4096.')
  instanceMemoryMB: int

  @description('Upper bound for the number of instances, and so for the bill.')
  @minValue(1)
  @maxValue(1000)
  maximumInstanceCount: int

  @description('HTTP requests that an instance serves at a time before another one is started; 0: Azure decides.')
  @minValue(0)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances that are kept running for HTTP; 0: the first request after an idle time waits for a start.')
  @minValue(0)
  alwaysReady: int

  @description('Spread the instances over the availability zones of the region.')
  zoneRedundant: bool

  @description('Replace instances one after the other in a deployment. A preview of Azure when this was written.')
  rollingUpdates: bool
}

@export()
@description('The storage accounts.')
@sealed()
type Storage = {
  @description('Redundancy of the account with the invitations: ZRS keeps a copy in each of three zones.')
  sku: string

  @description('A lock keeps the account with the invitations from being deleted.')
  protect: bool

  @description('Log every read, write and delete of the table, and writes and deletes of the packages.')
  log: bool
}

@export()
@description('Who reaches what.')
@sealed()
type Network = {
  @description('A virtual network for the app, private endpoints for storage and key vault, and their public access off.')
  private: bool

  @description('Address range of that network, /16 to /24.')
  addressPrefix: string

  @description('Id of the Azure Front Door that alone may call the app (X-Azure-FDID); empty: anyone may.')
  frontDoorId: string
}

@export()
@description('What is watched, and who is notified.')
@sealed()
type Alerting = {
  @description('Receives the alerts; empty: they are shown in the portal only.')
  email: string

  @description('Call Health from five places every five minutes.')
  availabilityTest: bool
}
