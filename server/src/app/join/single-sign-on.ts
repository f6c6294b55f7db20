// Single sign-on from the settings; nothing when no issuer is set.
import { createSingleSignOn } from '../../integrations/oidc/single-sign-on.ts'
import { type Role, roles } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { IdentityPorts } from '../../modules/identity/index.ts'
import type { Outside } from '../outside.ts'

export function singleSignOnOf({
  config,
  egress,
}: Pick<Outside, 'config' | 'egress'>): Pick<IdentityPorts, 'singleSignOn'> {
  const issuer = config.get('MAINSTAY_OIDC_ISSUER')
  if (issuer === null) return {}
  const clientId = config.get('MAINSTAY_OIDC_CLIENT_ID')
  if (clientId === null)
    throw new AppError(
      'invalid',
      'config.missing',
      'MAINSTAY_OIDC_ISSUER is set, so MAINSTAY_OIDC_CLIENT_ID must be set too.',
    )
  return {
    singleSignOn: {
      provider: createSingleSignOn({
        issuer,
        clientId,
        clientSecret: config.get('MAINSTAY_OIDC_CLIENT_SECRET'),
        send: egress.fetch('oidc'),
      }),
      defaultRole: roles.find((role) => role === config.get('MAINSTAY_OIDC_DEFAULT_ROLE')) ?? 'viewer',
      roleClaim: config.get('MAINSTAY_OIDC_ROLE_CLAIM'),
      roleOf: rolesByGroup(config.get('MAINSTAY_OIDC_ROLE_MAP')),
    },
  }
}

function rolesByGroup(text: string | null): Readonly<Record<string, Role>> {
  const pairs = (text ?? '').split(',').map((pair) => pair.trim().split('='))
  return Object.fromEntries(
    pairs.flatMap(([group = '', name = '']) => {
      const role = roles.find((each) => each === name)
      return role === undefined ? [] : [[group, role] as const]
    }),
  )
}
