export function establishedSdk(sdk: object): object {
  return sdk;
}
