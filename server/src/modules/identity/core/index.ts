// The pure door of identity.
export { judgeKey, lesserRole, type WantedKey } from './authority.ts'
export { judgePassword, longestPassword, shortestPassword } from './password.ts'
export {
  covers,
  explainRefusal,
  judgePermission,
  type NeededPermission,
  type PermissionVerdict,
} from './permission.ts'
export { longestViewName, mostViews, type SavedView, withoutView, withView } from './saved-views.ts'
export { judgeSignOn, type KnownPerson, type ProviderAccount, type RoleRules, type SignOnVerdict } from './sign-on.ts'
