import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { insertSignOn, takeSignOn } from '../arrivals.store.ts'
import { judgeSignOn, type KnownPerson, type ProviderAccount, type SignOnVerdict } from '../core/index.ts'
import { personLinked } from '../identity.contract.ts'
import type { IdentityPorts } from '../identity.ports.ts'
import { changeRights, type IdentityNeeds, type Visitor } from '../identity-needs.ts'
import {
  findPerson,
  findPersonByAccount,
  findPersonByEmail,
  insertPerson,
  lockAdministrators,
  type Person,
  savePerson,
} from '../people.store.ts'
import { hashToken } from '../tokens.ts'
import { changePersonIn, publishCreated, unknownPerson } from './people.ts'
import { startSession } from './start-session.ts'

type SingleSignOn = NonNullable<IdentityPorts['singleSignOn']>

export const callbackPath = '/api/v1/oidc/callback'

/** `state` goes into a cookie of this browser, so that nobody is signed in by a link of somebody else's. */
export async function beginSignOn(
  needs: IdentityNeeds,
  { provider }: SingleSignOn,
  returnTo: string,
): Promise<{ url: string; state: string }> {
  const begun = await provider.begin(`${needs.publicUrl}${callbackPath}`)
  const { nonce, codeVerifier } = begun
  await insertSignOn(needs.database, hashToken(begun.state), { nonce, codeVerifier, returnTo: ownPath(returnTo) })
  return { url: begun.url, state: begun.state }
}

export interface FinishSignOn extends Visitor {
  readonly callbackUrl: string
  /** From the cookie. */
  readonly state: string
}

export async function finishSignOn(
  needs: IdentityNeeds,
  singleSignOn: SingleSignOn,
  order: FinishSignOn,
): Promise<{ token: string; returnTo: string }> {
  const underWay = await takeSignOn(needs.database, hashToken(order.state))
  if (underWay === null) {
    throw new AppError(
      'forbidden',
      'identity.sign-on-unknown',
      'This sign-in was finished already or took longer than ten minutes. Start again.',
    )
  }
  const { nonce, codeVerifier, returnTo } = underWay
  const account = await singleSignOn.provider.finish({
    callbackUrl: order.callbackUrl,
    state: order.state,
    nonce,
    codeVerifier,
  })
  const token = await changeRights(needs, async (tx) => {
    const person = await admitAccount(needs, tx, singleSignOn, account)
    return startSession(needs, tx, person, 'oidc', order)
  })
  return { token, returnTo }
}

async function admitAccount(
  needs: IdentityNeeds,
  tx: Tx,
  { defaultRole, roleClaim, roleOf }: SingleSignOn,
  account: ProviderAccount,
): Promise<Person> {
  const { issuer, subject, email } = account
  const byAccount = await findPersonByAccount(tx, issuer, subject)
  const byEmail = byAccount === null && email !== null ? await findPersonByEmail(tx, email) : null
  const verdict = judgeSignOn(
    account,
    { byAccount: known(byAccount), byEmail: known(byEmail) },
    { defaultRole, claim: roleClaim, roleOf },
  )
  if ('refused' in verdict)
    throw new AppError('forbidden', 'identity.sign-on-refused', refusals[verdict.refused](email ?? subject))
  const provider: Actor = automation('identity.single-sign-on')
  if ('create' in verdict) {
    const person = await insertPerson(tx, {
      id: needs.newId(),
      ...verdict.create,
      timeZone: 'UTC',
      account: { issuer, subject },
    })
    await publishCreated(needs, tx, person, provider)
    return person
  }
  if (verdict.link) {
    await savePerson(tx, verdict.person, { account: { issuer, subject } })
    await needs.journal.publish(tx, personLinked, {
      actor: provider,
      subject: { kind: 'person', id: verdict.person },
      data: { issuer, email },
    })
  }
  if (verdict.role !== null && !(await isLastAdministrator(tx, verdict.person))) {
    const change = { role: verdict.role }
    const reason = 'The groups at the OpenID provider say so.'
    return changePersonIn(needs, tx, { id: verdict.person, change, reason, version: null }, provider)
  }
  const person = await findPerson(tx, verdict.person)
  if (person === null) throw unknownPerson()
  return person
}

/** A wrong mapping of groups must not lock everybody out. */
async function isLastAdministrator(tx: Tx, id: string): Promise<boolean> {
  const administrators = await lockAdministrators(tx)
  return administrators.length === 1 && administrators[0] === id
}

function known(person: Person | null): KnownPerson | null {
  if (person === null) return null
  const { id, role, disabledAt, linked } = person
  return { id, role, disabled: disabledAt !== null, subject: linked ? 'linked' : null }
}

const refusals: Readonly<Record<Extract<SignOnVerdict, { refused: string }>['refused'], (who: string) => string>> = {
  'no-email': () => 'The provider sent no e-mail address, so nobody here can be found. Ask for the scope `email`.',
  'email-unverified': (who) => `The provider does not vouch for ${who}. Verify the address there first.`,
  disabled: (who) => `${who} is disabled here. An administrator can enable the account.`,
  'linked-elsewhere': (who) => `${who} belongs to another account of the provider. An administrator must look at it.`,
}

/** A path of ours, never another site. */
export function ownPath(path: string): string {
  return /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(path) && !path.includes('\\') ? path : '/'
}
