/** Version of the plugin SDK. Manifests ask for a range of it in `engines.openclaw`. */
export const SDK_VERSION = "1.0.0";
