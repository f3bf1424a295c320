/** What keeps the client from listening, found in a file or a variable before it is started. */
export type OrgSwitch = {
  readonly reason: 'org-policy' | 'not-allowlisted' | 'channels-unavailable'
  /** What is set where, as a sentence goes on. */
  readonly detail: string
  readonly whose: SwitchOwner
}

/** Who can change it: this machine's administrator, an owner of the organization, the person, the service; or whoever sets a variable. */
export type SwitchOwner =
  | 'administrator'
  | 'owner'
  | 'person'
  | 'service'
  /** Of the environment that the client is to get. */
  | { readonly variable: string }

/** What was found, and who can change it where; without a session it speaks of the shell that sets one up. */
export const describeSwitch = ({ detail, whose }: OrgSwitch, session: string | null): string => {
  if (whose === 'administrator') return `${detail}; this machine’s administrator can change it there`
  if (whose === 'owner')
    return `${detail}; an owner of the organization can change it at claude.ai, under Admin settings, Claude Code, Channels`
  if (whose === 'person') return `${detail}; you can take it out there`
  if (whose === 'service') return detail
  return session === null
    ? `${detail}; \`unset ${whose.variable}\` takes it out of this shell`
    : `${detail}; \`channels set ${session} env.${whose.variable}=\` takes it out`
}
