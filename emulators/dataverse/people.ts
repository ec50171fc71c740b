/**
 * Who is signed in, and with which roles: the people of the organization as the Web API sees them.
 *
 * In a model-driven app the browser is signed in by cookie, not by bearer token; the cookie's name
 * is what Dynamics sets (`CrmOwinAuth`; its content is opaque and UNVERIFIED). Holds no rights
 * itself: what a role allows stands in `privileges`.
 */
import { randomBytes } from 'node:crypto';
import { baseLanguage } from './labels';
import type { Metadata } from './metadata';
import type { Store } from './store';
import type { DataverseSwitches } from './switches';

export const sessionCookie = 'CrmOwinAuth';

export class People {
  private readonly sessions = new Map<string, string>();
  private readonly roles = new Map<string, readonly string[]>();
  private readonly asked = new Map<string, Set<string>>();

  constructor(
    private readonly metadata: Metadata,
    private readonly store: Store,
    private readonly switches: DataverseSwitches,
  ) {}

  /** Answers the value for `Cookie: CrmOwinAuth=<value>`. Each sign-in is a session of its own. */
  signIn(userId: string): string {
    this.mustBePerson(userId);
    const value = randomBytes(24).toString('base64url');
    this.sessions.set(value, userId);
    return value;
  }

  /** Ends every session of the user, as an expired sign-in would. */
  signOut(userId: string): void {
    for (const [value, user] of this.sessions) if (user === userId) this.sessions.delete(value);
  }

  /** The user behind a `Cookie` header; undefined when it holds no live session. */
  signedIn(cookies: string | undefined): string | undefined {
    for (const pair of (cookies ?? '').split(';')) {
      const equals = pair.indexOf('=');
      if (equals > 0 && pair.slice(0, equals).trim() === sessionCookie) {
        return this.sessions.get(pair.slice(equals + 1).trim());
      }
    }
    return undefined;
  }

  /** Replaces what the user had. The application user's roles are the switch `applicationRoles`. */
  giveRoles(userId: string, names: readonly string[]): void {
    const user = this.mustBeUser(userId);
    const unknown = names.find((name) => !this.metadata.roles.has(name));
    if (unknown !== undefined) throw new Error(`There is no security role '${unknown}'`);
    if (user['applicationid'] != null) this.switches.applicationRoles = [...names];
    else this.roles.set(userId, [...names]);
  }

  rolesOf(userId: string): readonly string[] {
    const user = this.store.get('systemuser', userId)?.values;
    return user?.['applicationid'] != null ? this.switches.applicationRoles : (this.roles.get(userId) ?? []);
  }

  /** A request of the user needed this privilege, whether he had it or not. */
  noteDemand(userId: string, privilege: string): void {
    const known = this.asked.get(userId) ?? new Set();
    this.asked.set(userId, known.add(privilege.toLowerCase()));
  }

  /** Every privilege that requests of the user needed so far, in lower case, sorted. */
  demandedOf(userId: string): readonly string[] {
    return [...(this.asked.get(userId) ?? [])].sort();
  }

  /** The language of labels and messages that the person chose; the organization's until then. */
  languageOf(userId: string): number {
    return Number(this.store.get('usersettings', userId)?.values['uilanguageid'] ?? baseLanguage);
  }

  private mustBeUser(userId: string): Readonly<Record<string, unknown>> {
    const user = this.store.get('systemuser', userId)?.values;
    if (!user) throw new Error(`There is no user ${userId}`);
    return user;
  }

  private mustBePerson(userId: string): void {
    if (this.mustBeUser(userId)['applicationid'] != null) {
      throw new Error('An application user signs in with a token, not with a cookie');
    }
  }
}
