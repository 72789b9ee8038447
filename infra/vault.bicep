// The secrets: the app reads them through references in its settings, an operator writes them.

import { Tags } from 'types.bicep'

@description('The key vault.')
param name string

@description('Where.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('The identity of the app.')
param identityName string

@description('Object id of the person or the pipeline that writes the secrets; empty: nobody yet.')
param operatorPrincipalId string

@description('Reached through a private endpoint only.')
param private bool

@description('Where the audit log goes.')
param workspaceId string

@description('The role Key Vault Secrets User.')
var secretsUser = '4633458b-17de-408a-874b-0445c86b69e6'

@description('The role Key Vault Secrets Officer.')
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: private ? 'Deny' : 'Allow' }
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, secretsUser)
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(vault.id, operatorPrincipalId, secretsOfficer)
  scope: vault
  properties: {
    principalId: operatorPrincipalId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsOfficer)
  }
}

#disable-next-line use-recent-api-versions // the only other version, of 2016, has no category groups and is not documented any more
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('The key vault.')
output name string = vault.name

@description('Its address.')
output uri string = vault.properties.vaultUri
