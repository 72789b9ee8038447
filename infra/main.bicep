// Everything the app needs, in a resource group of its own: what `azd provision` deploys. resources.bicep is the same
// for a resource group that exists already. Nothing here holds or passes on a secret: an operator puts the secrets
// into the key vault (infra/make-secrets), the storage accounts have no keys, and the app proves itself by its identity.
targetScope = 'subscription'

import { Alerting, App, Hosting, Network, Storage } from 'types.bicep'

@description('Part of every name; azd calls it the environment.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('A region that has Flex Consumption.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Object id of the person or the pipeline that writes the secrets into the key vault; empty: nobody yet.')
param operatorPrincipalId string

@description('The settings of the app.')
param app App

@description('Its instances.')
param hosting Hosting

@description('Its storage.')
param storage Storage

@description('Its network.')
param network Network

@description('Its alerts.')
param alerting Alerting

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: { 'azd-env-name': environmentName }
}

module resources 'resources.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    operatorPrincipalId: operatorPrincipalId
    app: app
    hosting: hosting
    storage: storage
    network: network
    alerting: alerting
  }
}

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The function app.')
output AZURE_FUNCTION_NAME string = resources.outputs.AZURE_FUNCTION_NAME

@description('What recipients open.')
output PUBLIC_BASE_URL string = resources.outputs.PUBLIC_BASE_URL

@description('The key vault.')
output AZURE_KEY_VAULT_NAME string = resources.outputs.AZURE_KEY_VAULT_NAME

@description('The storage account with the invitations.')
output AZURE_STORAGE_NAME string = resources.outputs.AZURE_STORAGE_NAME

@description('The identity of the app, for a federated credential of the app registration.')
output IDENTITY_PRINCIPAL_ID string = resources.outputs.IDENTITY_PRINCIPAL_ID
