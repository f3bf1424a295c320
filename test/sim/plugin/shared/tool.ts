export type Tool = { readonly name: string; readonly description: string; readonly inputSchema: object }

export type Input = Readonly<Record<string, unknown>>

/** A tool whose inputs are texts; those after `?` may be left out. */
export const tool = (name: string, description: string, inputs: readonly string[]): Tool => ({
  name,
  description,
  inputSchema: {
    type: 'object',
    properties: Object.fromEntries(inputs.map((input) => [input.replace('?', ''), { type: 'string' }])),
    required: inputs.filter((input) => !input.endsWith('?')),
  },
})
