package dev.mixdown.cli.settings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.Settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path folder;

  private static Setting setting(Settings settings, String name) throws Exception {
    return settings.list().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static Setting of(String name, String value, String source) {
    return new Setting(name, Optional.ofNullable(value), Optional.ofNullable(source));
  }

  @Test
  void a_flag_wins_over_the_environment_and_that_over_the_default() throws Exception {
    Map<String, String> home = Map.of("HOME", "/home/ana");
    Settings none = Settings.of(home);
    assertThat(
        setting(none, "--workspace"), is(of("--workspace", "/home/ana/.cache/mixdown", "default")));
    assertThat(setting(none, "--registry"), is(of("--registry", "out/registry", "default")));
    assertThat(setting(none, "--output"), is(of("--output", null, null)));
    Map<String, String> more = new HashMap<>(home);
    more.put("MIXDOWN_WORKSPACE", "/w");
    more.put("MIXDOWN_OUTPUT", "/data/out");
    more.put("MIXDOWN_RECORDS", "  ");
    Settings set = Settings.of(more);
    assertThat(setting(set, "--workspace"), is(of("--workspace", "/w", "MIXDOWN_WORKSPACE")));
    assertThat(setting(set, "--output"), is(of("--output", "/data/out", "MIXDOWN_OUTPUT")));
    // A default may depend on another setting.
    assertThat(setting(set, "--registry"), is(of("--registry", "/data/out/registry", "default")));
    Settings flags = set.with("--workspace", "/f").with("--registry", null);
    assertThat(setting(flags, "--workspace"), is(of("--workspace", "/f", "flag")));
    assertThat(flags.workspace().folder(), is("/f"));
    more.put("MIXDOWN_RECORDS", "/old");
    assertThat(
        setting(Settings.of(more), "--registry"), is(of("--registry", "/old", "MIXDOWN_RECORDS")));
    more.put("MIXDOWN_REGISTRY", "/new");
    assertThat(
        setting(Settings.of(more), "--registry"), is(of("--registry", "/new", "MIXDOWN_REGISTRY")));
  }

  @Test
  void an_output_folder_of_an_earlier_version_keeps_its_registry() throws Exception {
    Settings settings = Settings.of(Map.of()).with("--output", folder.toString());
    Files.createDirectory(folder.resolve("records"));
    assertThat(settings.registry(), is(folder.resolve("records").toString()));
    Files.createDirectory(folder.resolve("registry"));
    assertThat(settings.registry(), is(folder.resolve("registry").toString()));
  }

  @Test
  void secrets_are_shown_as_set_and_addresses_without_passwords() {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_ACCESS_KEY_ID", "planted-a");
    environment.put("AWS_SECRET_ACCESS_KEY", "planted-b");
    environment.put("OBS_SECRET_ACCESS_KEY", "planted-c");
    environment.put("OPENLINEAGE_API_KEY", "planted-d");
    environment.put("OPENLINEAGE_URL", "http://ana:planted-e@host:5000");
    environment.put("AWS_ENDPOINT_URL_S3", "https://ana:planted-f@minio:9000");
    environment.put("GITHUB_TOKEN", "planted-g");
    environment.put("MIXDOWN_JAVA_OPTS", "-Xmx2g -Djavax.net.ssl.trustStorePassword=planted-h");
    environment.put("OPENLINEAGE_ENDPOINT", "api/v1/lineage?api_key=planted-i&x=1");
    for (String[] arguments : new String[][] {{"settings"}, {"settings", "--json"}}) {
      Cli.Result shown = Cli.plain(environment, arguments);
      assertThat(shown.err(), shown.code(), is(0));
      assertThat(shown.out() + shown.err(), not(containsString("planted")));
      assertThat(shown.out(), containsString("http://***@host:5000"));
    }
    JsonNode all = Cli.plain(environment, "settings", "--json").json().path("settings");
    Map<String, String> values = new HashMap<>();
    all.forEach(s -> values.put(s.path("name").asText(), s.path("value").asText()));
    assertThat(values.get("OPENLINEAGE_API_KEY"), is("set"));
    assertThat(values.get("AWS_SECRET_ACCESS_KEY"), is("set"));
    assertThat(values.get("AWS_ENDPOINT_URL_S3"), is("https://***@minio:9000"));
    assertThat(
        values.get("MIXDOWN_JAVA_OPTS"), is("-Xmx2g -Djavax.net.ssl.trustStorePassword=***"));
    assertThat(Settings.of(environment).events().toString(), not(containsString("planted")));
    assertThat(Settings.of(environment).events().apiKey(), is(Optional.of("planted-d")));
  }

  @Test
  void what_cannot_be_is_said_with_the_variable() {
    Cli.Result style = Cli.plain(Map.of("S3_PATH_STYLE", "yes"), "settings");
    assertThat(style.code(), is(2));
    assertThat(style.err(), containsString("S3_PATH_STYLE is \"yes\"; it may be true or false"));
    ConfigException homeless =
        assertThrows(ConfigException.class, () -> Settings.of(Map.of()).workspace());
    assertThat(homeless.getMessage(), containsString("set MIXDOWN_WORKSPACE"));
  }
}
