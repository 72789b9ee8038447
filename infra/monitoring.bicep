// Logs and traces. Only the app's identity may write them: there is no key to steal.

import { Tags } from 'types.bicep'

@description('Part of the names.')
param name string

@description('The Application Insights component.')
param insightsName string

@description('Where.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('The identity of the app.')
param identityName string

@description('The role Monitoring Metrics Publisher.')
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${name}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identity.id, metricsPublisher)
  scope: insights
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

@description('The Log Analytics workspace.')
output workspaceId string = workspace.id

@description('Names the component and the region; holds no key that would be accepted.')
output connectionString string = insights.properties.ConnectionString
