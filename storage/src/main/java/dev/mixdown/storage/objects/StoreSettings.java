package dev.mixdown.storage.objects;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the stores of one scheme are, and how they are spoken to: everything but the credentials.
 *
 * @param endpoint the address of the store; empty for Amazon's own
 * @param region empty for what the AWS configuration of this machine says
 * @param pathStyle whether the bucket is named in the path ({@code host/bucket}) instead of the
 *     host name ({@code bucket.host})
 */
record StoreSettings(Optional<String> endpoint, Optional<String> region, boolean pathStyle) {

  /** The schemes of object stores. */
  static final String S3 = "s3";

  static final String OBS = "obs";

  /**
   * The settings of a scheme.
   *
   * @param variables the process's environment, or what {@link #variables} made of it
   * @throws IllegalArgumentException when a variable has a value that it may not have
   */
  static StoreSettings of(String scheme, Map<String, String> variables) {
    return scheme.equals(OBS) ? obs(variables) : s3(variables);
  }

  private static StoreSettings s3(Map<String, String> variables) {
    Optional<String> endpoint =
        variable(variables, "AWS_ENDPOINT_URL_S3")
            .or(() -> variable(variables, "AWS_ENDPOINT_URL"));
    return new StoreSettings(
        endpoint.map(StoreSettings::withProtocol),
        variable(variables, "AWS_REGION").or(() -> variable(variables, "AWS_DEFAULT_REGION")),
        // Amazon's buckets have host names; those of a server of one's own seldom have.
        flag(variables, "S3_PATH_STYLE").orElse(endpoint.isPresent()));
  }

  private static StoreSettings obs(Map<String, String> variables) {
    Optional<String> endpoint =
        variable(variables, "OBS_ENDPOINT").map(StoreSettings::withProtocol);
    boolean huawei = endpoint.map(e -> e.contains(".myhuaweicloud.")).orElse(false);
    return new StoreSettings(
        endpoint,
        variable(variables, "OBS_REGION").or(() -> endpoint.flatMap(StoreSettings::regionOf)),
        // Huawei answers to host names only, other servers mostly to paths.
        flag(variables, "OBS_PATH_STYLE").orElse(!huawei));
  }

  /** Settings in the form in which a job carries them to its workers. Nothing in it is secret. */
  static Map<String, String> variables(Map<String, String> environment) {
    StoreSettings s3 = s3(environment);
    StoreSettings obs = obs(environment);
    Map<String, String> variables = new LinkedHashMap<>();
    s3.endpoint().ifPresent(endpoint -> variables.put("AWS_ENDPOINT_URL_S3", endpoint));
    s3.region().ifPresent(region -> variables.put("AWS_REGION", region));
    variables.put("S3_PATH_STYLE", String.valueOf(s3.pathStyle()));
    obs.endpoint().ifPresent(endpoint -> variables.put("OBS_ENDPOINT", endpoint));
    obs.region().ifPresent(region -> variables.put("OBS_REGION", region));
    variables.put("OBS_PATH_STYLE", String.valueOf(obs.pathStyle()));
    return variables;
  }

  private static String withProtocol(String endpoint) {
    String address = endpoint.contains("://") ? endpoint : "https://" + endpoint;
    // An address may not bring a password along.
    return address.replaceFirst("^([^:]+://)[^/]*@", "$1");
  }

  /** {@code cn-north-4} of {@code https://obs.cn-north-4.myhuaweicloud.com}. */
  private static Optional<String> regionOf(String endpoint) {
    String[] names = endpoint.replaceFirst("^[a-z]+://", "").split("\\.", -1);
    return names.length == 4 && names[0].equals("obs") ? Optional.of(names[1]) : Optional.empty();
  }

  private static Optional<Boolean> flag(Map<String, String> variables, String name) {
    return variable(variables, name)
        .map(value -> value.toLowerCase(Locale.ROOT))
        .map(
            value -> {
              if (!value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException(
                    name + " is \"" + value + "\"; it may be true or false");
              }
              return value.equals("true");
            });
  }

  private static Optional<String> variable(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }
}
