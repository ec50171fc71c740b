/**
 * Opens a zip that may be anything: broken, a bomb, or with names that mean something elsewhere.
 *
 * Sizes are taken from the zip's directory before anything is unpacked, and the unpacker does not write past them. A
 * zip that says less than it holds is broken. What the parts mean is not looked at here.
 */
import { unzipSync } from 'fflate';
import { SolutionRefused, type Finding } from './finding';

/** Our own solution has 3 MB unpacked; what Dataverse itself takes is smaller than this. */
const largest = 128 * 1024 * 1024;
const mostParts = 10_000;

/** @throws SolutionRefused when it is no zip, too large when unpacked, or has a part twice */
export function unzip(zip: Uint8Array): Record<string, Uint8Array> {
  const names = new Set<string>();
  let bytes = 0;
  try {
    return unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        bytes += originalSize;
        if (bytes > largest) throw refused('ZIP_TOO_LARGE', name, 'the parts are larger than 128 MB when unpacked');
        if (names.size >= mostParts) throw refused('ZIP_TOO_LARGE', name, `the zip has more than ${mostParts} parts`);
        // As a member of an object it would be its prototype and seen by no check.
        if (name === '__proto__') throw refused('PART_NAME', name, 'no part can have this name');
        if (names.has(name)) throw refused('ZIP_BROKEN', name, 'the part is there twice');
        names.add(name);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof SolutionRefused) throw error;
    throw refused('ZIP_BROKEN', 'the zip', error instanceof Error ? error.message : 'it cannot be unpacked');
  }
}

function refused(code: string, file: string, message: string): SolutionRefused {
  const finding: Finding = { code, file, message };
  return new SolutionRefused([finding]);
}
