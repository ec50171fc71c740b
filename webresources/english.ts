/**
 * English of the scripts, for an environment that gives no text of its own.
 *
 * The build leaves out of the messages what no script ever says.
 */
import messages from '../domain/messages/1033.json';
import own from './strings/1033.json';

export const english: Readonly<Record<string, string | undefined>> = { ...messages, ...own };
