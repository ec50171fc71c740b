/** What this emulator answers, as data: docs and tests are checked against it. */
import type { ModelledRoute } from '../entra/routes';

export const routes: readonly ModelledRoute[] = [
  {
    method: 'GET',
    path: '/secrets/{name}',
    modelled: 'the newest version with its value; 403 when that one is disabled',
    source: 'Microsoft Learn: Key Vault REST API, Get Secret',
  },
  {
    method: 'GET',
    path: '/secrets/{name}/{version}',
    modelled: 'one version with its value',
    source: 'Microsoft Learn: Key Vault REST API, Get Secret',
  },
  {
    method: 'PUT',
    path: '/secrets/{name}',
    modelled: 'a new version: value, contentType, tags, attributes; 409 while the name is in the recycle bin',
    source: 'Microsoft Learn: Key Vault REST API, Set Secret; Azure Key Vault soft-delete overview',
  },
  {
    method: 'PATCH',
    path: '/secrets/{name}/{version}',
    modelled: 'attributes, contentType and tags of one version',
    source: 'Microsoft Learn: Key Vault REST API, Update Secret',
  },
  {
    method: 'GET',
    path: '/secrets/{name}/versions',
    modelled: 'versions without values, in pages',
    source: 'Microsoft Learn: Key Vault REST API, Get Secret Versions',
  },
];
