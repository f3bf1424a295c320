/** Whether a variable of an environment switches something on: it is set, and neither empty nor `0` or `false`. */
export const isOn = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== '0' && value !== 'false'
