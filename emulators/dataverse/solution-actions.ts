/**
 * Solution import over the Web API: stage, import as a system job, poll the job.
 *
 * Source: Microsoft Learn "Work with solutions using the asynchronous solution APIs". The work is
 * done at once; the job shows it as running for as many polls as the switch `importPolls` says.
 */
import { json, type Answer } from './answer';
import { DataverseError, NotModelledError, unreadable } from './errors';
import type { Operation } from './operation';
import { missingDependencies } from './solution-dependencies';
import { importSolution } from './solution-import';
import { child, readSolution, textIn } from './solution-read';
import { apiRoot } from './url';
import { isJson, readJson } from './wire-in';
import type { World } from './world';

interface Job {
  pollsLeft: number;
  readonly failure: DataverseError | undefined;
}

const jobs = new WeakMap<World, Map<string, Job>>();
const staged = new WeakMap<World, Map<string, Uint8Array>>();

export function importSolutionAsync(operation: Operation): Answer {
  const { world, records, caller, origin } = operation;
  const body = readJson(operation);
  const zip = zipIn(world, body['CustomizationFile'], body['SolutionParameters']);
  if (Array.isArray(body['ComponentParameters']) && body['ComponentParameters'].length > 0) {
    throw new NotModelledError('ImportSolutionAsync with ComponentParameters');
  }
  let failure: DataverseError | undefined;
  try {
    importSolution(records, caller, zip);
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    failure = error;
  }
  const running = { name: 'Import Solution', statecode: 2, statuscode: 20 };
  const id = records.create(caller, 'asyncoperation', running, { system: true });
  mapOf(jobs, world).set(id, { pollsLeft: world.switches.importPolls, failure });
  return json(200, {
    '@odata.context': `${origin}${apiRoot}/$metadata#Microsoft.Dynamics.CRM.ImportSolutionAsyncResponse`,
    ImportJobKey: world.newId(),
    AsyncOperationId: id,
  });
}

/** Called when somebody reads system jobs: those that were seen running long enough are now done. */
export function advanceJobs({ world, records, caller }: Operation): void {
  for (const [id, job] of jobs.get(world) ?? []) {
    if (job.pollsLeft > 0) {
      job.pollsLeft -= 1;
      continue;
    }
    const { failure } = job;
    const outcome = failure
      ? {
          statuscode: 31,
          message: failure.message,
          friendlymessage: failure.message,
          errorcode: Number.parseInt(failure.code, 16) | 0,
        }
      : { statuscode: 30 };
    records.update(caller, 'asyncoperation', id, { statecode: 3, ...outcome }, { system: true });
    jobs.get(world)?.delete(id);
  }
}

export function stageSolution(operation: Operation): Answer {
  const { world, origin } = operation;
  const zip = decode(readJson(operation)['CustomizationFile']);
  const files = readSolution(zip);
  const missing = missingDependencies(files, world);
  const id = world.newId();
  if (missing.length === 0) mapOf(staged, world).set(id, zip);
  return json(200, {
    '@odata.context': `${origin}${apiRoot}/$metadata#Microsoft.Dynamics.CRM.StageSolutionResponse`,
    StageSolutionResults: {
      StageSolutionUploadId: id,
      StageSolutionStatus: missing.length === 0 ? 'Passed' : 'Failed',
      SolutionValidationResults: [],
      MissingDependencies: missing.map((name) => ({ RequiredComponentSchemaName: name })),
      SolutionComponentsDetails: [],
      SolutionDetails: {
        SolutionUniqueName: textIn(files.manifest, 'UniqueName') ?? '',
        SolutionVersion: textIn(files.manifest, 'Version') ?? '',
        IsManaged: textIn(files.manifest, 'Managed') === '1',
        PublisherUniqueName: textIn(child(files.manifest, 'Publisher'), 'UniqueName') ?? '',
      },
    },
  });
}

function zipIn(world: World, file: unknown, parameters: unknown): Uint8Array {
  if (typeof file === 'string' && file !== '') return decode(file);
  const uploadId = isJson(parameters) ? parameters['StageSolutionUploadId'] : undefined;
  const zip = typeof uploadId === 'string' ? staged.get(world)?.get(uploadId) : undefined;
  if (!zip) throw unreadable("Either 'CustomizationFile' or a staged upload's id is needed.");
  return zip;
}

function decode(text: unknown): Uint8Array {
  if (typeof text !== 'string') throw unreadable("'CustomizationFile' must be base64.");
  return Buffer.from(text, 'base64');
}

function mapOf<T>(maps: WeakMap<World, Map<string, T>>, world: World): Map<string, T> {
  const present = maps.get(world);
  if (present) return present;
  const made = new Map<string, T>();
  maps.set(world, made);
  return made;
}
