const SAYS_NOTHING = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED";

/** Loads the AWS SDK inside `work` without its warning: which Node its later versions need is no news for whoever deploys. */
export const withQuietSdk = async <T>(work: () => T | Promise<T>): Promise<T> => {
  const inherited = process.env[SAYS_NOTHING];
  process.env[SAYS_NOTHING] = "true";
  try {
    return await work();
  } finally {
    if (inherited === undefined) delete process.env[SAYS_NOTHING];
    else process.env[SAYS_NOTHING] = inherited;
  }
};
