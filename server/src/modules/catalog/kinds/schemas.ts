// The shapes of what teams declare about their world.
import { type Static, Type } from 'typebox'
import { Name, Text, Words } from '../../../platform/http/schemas.ts'

const Link = Type.Object({
  title: Type.Optional(Text(120)),
  url: Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 }),
  kind: Type.Optional(Words(['runbook', 'dashboard', 'repository', 'documentation', 'chat', 'other'])),
})

const Contact = Type.Object({
  label: Text(120, 'Who or what is reached: "vendor hotline", "support lead".'),
  kind: Words(['email', 'phone', 'chat', 'url']),
  value: Text(300),
})

const DependencyDeclaration = Type.Object({
  service: Name,
  strength: Type.Optional(
    Words(['hard', 'soft'], 'A soft dependency degrades its dependant, a hard one (default) takes it down.'),
  ),
})

export const TeamSpec = Type.Object({
  lead: Type.Optional(Name),
  members: Type.Optional(Type.Array(Name, { maxItems: 500, description: 'Names of Person objects.' })),
  contacts: Type.Optional(Type.Array(Contact, { maxItems: 20 })),
})

export const PersonSpec = Type.Object({
  email: Type.String({ format: 'email', maxLength: 320 }),
  timeZone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA zone such as Europe/Berlin.' })),
})

export const ServiceSpec = Type.Object({
  team: Type.Optional(Name),
  tier: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 3, description: '0 is the most important. Sets defaults. 2 unless said.' }),
  ),
  lifecycle: Type.Optional(Words(['experimental', 'production', 'deprecated'])),
  type: Type.Optional(
    Type.String({ maxLength: 63, description: 'service, website, library, database, third-party, …' }),
  ),
  system: Type.Optional(Name),
  dependsOn: Type.Optional(Type.Array(Type.Union([Name, DependencyDeclaration]), { maxItems: 200 })),
  environments: Type.Optional(Type.Array(Name, { maxItems: 20 })),
  links: Type.Optional(Type.Array(Link, { maxItems: 50 })),
  contacts: Type.Optional(Type.Array(Contact, { maxItems: 20 })),
  escalationPolicy: Type.Optional(Name),
})

export const SystemSpec = Type.Object({ team: Type.Optional(Name), domain: Type.Optional(Name) })
export const DomainSpec = Type.Object({ team: Type.Optional(Name) })
export const EnvironmentSpec = Type.Object({
  class: Type.Optional(Words(['production', 'staging', 'development'])),
  region: Type.Optional(Type.String({ maxLength: 63 })),
})
export const JourneySpec = Type.Object({
  team: Type.Optional(Name),
  tier: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  services: Type.Array(Name, {
    minItems: 1,
    maxItems: 100,
    description: 'The services a user passes through, in order.',
  }),
})

export type TeamSpec = Static<typeof TeamSpec>
export type PersonSpec = Static<typeof PersonSpec>
export type ServiceSpec = Static<typeof ServiceSpec>
export type JourneySpec = Static<typeof JourneySpec>
