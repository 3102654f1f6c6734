package dev.mixdown.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.registry.CallEntry;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.service.Client.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The 21 operations that the platform's clients call. */
class ContractTest {
  private static final String HASH = "0".repeat(64);

  @TempDir static Path folder;
  private static TestSite site;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    site = new TestSite(folder);
    site.prepare("pretraining");
    site.jobs(40);
    Files.createDirectories(folder.resolve("data"));
    site.roots.add(folder.resolve("data"));
    client = site.start();
  }

  @AfterAll
  static void end() {
    site.close();
  }

  private static List<String> texts(JsonNode list, String key) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(key.isEmpty() ? item.asText() : item.path(key).asText()));
    return texts;
  }

  @Test
  void recipes_are_listed_by_type_and_tag() throws Exception {
    assertThat(client.get("/api/v1/recipes").json().size(), is(9));
    assertThat(
        texts(client.get("/api/v1/recipes?task_type=rlhf").json(), "id"),
        is(List.of("grpo_basic", "grpo_large_scale", "ppo_classic")));
    assertThat(
        texts(client.get("/api/v1/recipes?tag=grpo").json(), "id"),
        is(List.of("grpo_basic", "grpo_large_scale", "math_reasoning_grpo")));
    Reply unknown = client.get("/api/v1/recipes?task_type=rhlf");
    assertThat(unknown.status(), is(400));
    assertThat(unknown.detail(), containsString("rlhf"));
  }

  @Test
  void task_types_and_tags_are_no_recipes() throws Exception {
    assertThat(
        texts(client.get("/api/v1/recipes/task-types").json(), ""),
        hasItems("sft", "rlhf", "dpo", "grpo", "pretrain", "math_reasoning"));
    assertThat(texts(client.get("/api/v1/recipes/tags").json(), ""), hasItems("grpo", "lora"));
    assertThat(client.get("/api/v1/recipes/task-type").status(), is(404));
  }

  @Test
  void a_recipe_has_all_fields_and_one_that_is_unknown_is_404() throws Exception {
    Reply recipe = client.get("/api/v1/recipes/sft_basic");
    assertThat(recipe.json().path("name").asText(), is("Sft Basic"));
    assertThat(recipe.json().path("default_config").path("batch_size").asInt(), is(128));
    String etag = recipe.header("ETag");
    assertThat(client.get("/api/v1/recipes/sft_basic", "If-None-Match", etag).status(), is(304));
    Reply unknown = client.get("/api/v1/recipes/sft_basics");
    assertThat(unknown.status(), is(404));
    assertThat(unknown.detail(), containsString("sft_basic"));
    assertThat(unknown.json().path("error").path("code").asText(), is("NOT_FOUND"));
  }

  @Test
  void the_head_of_an_answer_is_that_of_the_answer() throws Exception {
    for (String path : List.of("/api/v1/recipes/sft_basic", "/api/v1/recipes/none", "/recipes")) {
      Reply whole = client.get(path);
      Reply head = client.call("HEAD", path, null);
      assertThat(path, head.status(), is(whole.status()));
      assertThat(path, head.header("Content-Type"), is(whole.header("Content-Type")));
      assertThat(path, head.header("ETag"), is(whole.header("ETag")));
      assertThat(path, head.text(), is(""));
    }
  }

  @Test
  void applying_keeps_the_batch_and_what_cannot_be_divided_is_422_with_alternatives()
      throws Exception {
    JsonNode applied =
        client
            .post(
                "/api/v1/recipes/apply",
                Map.of(
                    "recipe_id",
                    "grpo_basic",
                    "model_size",
                    "7B",
                    "num_gpus",
                    8,
                    "overrides",
                    Map.of("learning_rate", 3e-7)))
            .json();
    assertThat(applied.path("config").path("batch_size").asInt(), is(128));
    assertThat(applied.path("config").path("learning_rate").asDouble(), is(3e-7));
    Reply odd =
        client.post(
            "/api/v1/recipes/apply",
            Map.of("recipe_id", "grpo_basic", "model_size", "7B", "num_gpus", 7));
    assertThat(odd.status(), is(422));
    assertThat(odd.json().path("alternatives").size(), greaterThan(0));
    assertThat(client.post("/api/v1/recipes/apply", Map.of("recipe_id", "nope")).status(), is(404));
    assertThat(
        client
            .post("/api/v1/recipes/apply", Map.of("recipe_id", "sft_basic", "model_size", "big"))
            .status(),
        is(422));
  }

  @Test
  void a_body_that_is_wrong_is_422_with_where_it_is_wrong() throws Exception {
    Reply missing = client.post("/api/v1/recipes/apply", Map.of());
    assertThat(missing.status(), is(422));
    JsonNode first = missing.json().path("detail").get(0);
    assertThat(texts(first.path("loc"), ""), is(List.of("body", "recipe_id")));
    assertThat(first.path("type").asText(), is("missing"));
    Reply type = client.post("/api/v1/recipes/apply", Map.of("recipe_id", 5));
    assertThat(
        texts(type.json().path("detail").get(0).path("loc"), ""), is(List.of("body", "recipe_id")));
    Reply broken = client.post("/api/v1/recipes/apply", "{\"recipe_id\": ");
    assertThat(broken.json().path("detail").get(0).path("type").asText(), is("json_invalid"));
    Reply query = client.get("/api/v1/dataset-versions?limit=none");
    assertThat(
        texts(query.json().path("detail").get(0).path("loc"), ""), is(List.of("query", "limit")));
    assertThat(client.get("/api/v1/dataset-versions?limit=0").status(), is(422));
    assertThat(client.get("/api/v1/dataset-versions?offset=-1").status(), is(422));
  }

  @Test
  void validating_says_errors_and_warnings() throws Exception {
    JsonNode own =
        client
            .post(
                "/api/v1/recipes/validate",
                Map.of(
                    "recipe_id",
                    "sft_basic",
                    "config",
                    Map.of("learning_rate", 2e-5, "batch_size", 128)))
            .json();
    assertThat(own.path("valid").asBoolean(), is(true));
    JsonNode wild =
        client
            .post(
                "/api/v1/recipes/validate",
                Map.of(
                    "recipe_id",
                    "sft_basic",
                    "config",
                    Map.of("learning_rate", -1, "batch_size", 128)))
            .json();
    assertThat(wild.path("valid").asBoolean(), is(false));
    assertThat(wild.path("errors").size(), greaterThan(0));
  }

  @Test
  void configs_recipes_and_jobs_are_compared() throws Exception {
    JsonNode diff =
        client
            .post(
                "/api/v1/config-diff/compare",
                Map.of(
                    "config_a",
                        Map.of("optimizer", Map.of("learning_rate", 1e-6), "a", 1, "gone", true),
                    "config_b",
                        Map.of(
                            "optimizer",
                            Map.of("learning_rate", 5e-7),
                            "a",
                            1.0,
                            "new",
                            List.of())))
            .json();
    assertThat(diff.path("has_critical_changes").asBoolean(), is(true));
    assertThat(diff.path("diffs").get(0).path("path").asText(), is("optimizer.learning_rate"));
    assertThat(diff.path("diffs").get(0).path("importance").asText(), is("critical"));
    assertThat(diff.path("unchanged_count").asInt(), is(1));
    assertThat(diff.path("summary").asText(), containsString("Config A vs Config B"));
    assertThat(
        client
            .post(
                "/api/v1/config-diff/compare/recipes",
                Map.of("recipe_id_a", "sft_basic", "recipe_id_b", "sft_large_scale"))
            .json()
            .path("diffs")
            .size(),
        greaterThan(2));
    JsonNode jobs =
        client
            .post(
                "/api/v1/config-diff/compare/jobs",
                Map.of("job_uuid_a", TestSite.JOB, "job_uuid_b", TestSite.OTHER_JOB))
            .json();
    assertThat(texts(jobs.path("diffs"), "path"), hasItems("learning_rate"));
    assertThat(
        client
            .get(
                "/api/v1/config-diff/compare/jobs/%s/vs/%s"
                    .formatted(TestSite.JOB, TestSite.OTHER_JOB))
            .json(),
        is(jobs));
    assertThat(
        client
            .get("/api/v1/config-diff/compare/jobs/%s/vs/cccc9999".formatted(TestSite.JOB))
            .status(),
        is(404));
  }

  @Test
  void a_snapshot_is_a_version_and_the_same_content_gives_the_one_that_is_there() throws Exception {
    Path file = folder.resolve("data/talk.jsonl");
    Files.writeString(file, "{\"a\":1}\n\n{\"a\":2}\n");
    Reply made =
        client.post(
            "/api/v1/dataset-versions/snapshot",
            Map.of("file_path", file.toString(), "description", "first", "tags", List.of("x")));
    assertThat(made.text(), made.status(), is(200));
    JsonNode version = made.json();
    assertThat(version.path("dataset_name").asText(), is("talk"));
    assertThat("blank lines are no samples", version.path("num_samples").asInt(), is(2));
    assertThat(version.path("hash_algorithm").asText(), is("sha256"));
    assertThat(texts(version.path("tags"), ""), is(List.of("x")));
    Path copy = Files.copy(file, folder.resolve("data/copy.jsonl"));
    JsonNode again =
        client
            .post("/api/v1/dataset-versions/snapshot", Map.of("file_path", copy.toString()))
            .json();
    assertThat(again.path("id"), is(version.path("id")));
    assertThat(again.path("created_at"), is(version.path("created_at")));
    String hash = version.path("file_hash").asText();
    assertThat(client.get("/api/v1/dataset-versions/" + hash).json(), is(version));
    JsonNode lineage = client.get("/api/v1/dataset-versions/" + hash + "/lineage").json();
    assertThat(lineage.path("num_jobs").asInt(), is(0));

    Path other = folder.resolve("data/more.jsonl");
    Files.writeString(other, "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    String more =
        client
            .post(
                "/api/v1/dataset-versions/snapshot",
                Map.of("file_path", other.toString(), "dataset_name", "talk"))
            .json()
            .path("file_hash")
            .asText();
    JsonNode compared =
        client
            .post("/api/v1/dataset-versions/compare", Map.of("hash_a", hash, "hash_b", more))
            .json();
    assertThat(compared.path("identical").asBoolean(), is(false));
    assertThat(compared.path("samples_diff").asInt(), is(1));
    assertThat(compared.path("size_diff_mb").asDouble(), closeTo(0, 0.001));
    JsonNode list = client.get("/api/v1/dataset-versions?dataset_name=talk&limit=1").json();
    assertThat(list.path("total").asInt(), is(2));
    assertThat(list.path("versions").size(), is(1));
  }

  @Test
  void what_cannot_be_snapped_has_its_own_status() throws Exception {
    Map<Object, Integer> statuses = new HashMap<>();
    statuses.put(folder.resolve("data/none.jsonl").toString(), 404);
    statuses.put("/etc/passwd", 403);
    statuses.put(folder.resolve("data/../../../../../etc/passwd").toString(), 403);
    statuses.put("s3://elsewhere/a.jsonl", 403);
    statuses.put("", 422);
    for (Map.Entry<Object, Integer> one : statuses.entrySet()) {
      assertThat(
          one.getKey().toString(),
          client
              .post("/api/v1/dataset-versions/snapshot", Map.of("file_path", one.getKey()))
              .status(),
          is(one.getValue()));
    }
    assertThat(client.get("/api/v1/dataset-versions/" + HASH).status(), is(404));
    assertThat(client.get("/api/v1/dataset-versions/abc").status(), is(404));
    assertThat(client.get("/api/v1/dataset-versions/" + HASH + "/lineage").status(), is(404));
  }

  @Test
  void a_job_is_cloned_with_where_it_came_from() throws Exception {
    JsonNode cloned =
        client
            .post(
                "/api/v1/experience/clone-job",
                Map.of(
                    "source_job_uuid",
                    TestSite.JOB,
                    "new_name",
                    "again",
                    "overrides",
                    Map.of("learning_rate", 2e-6)))
            .json();
    assertThat(cloned.path("config").path("cloned_from").asText(), is(TestSite.JOB));
    assertThat(cloned.path("config").path("learning_rate").asDouble(), is(2e-6));
    assertThat(cloned.path("config").path("name").asText(), is("again"));
    assertThat(cloned.path("source_job_name").asText(), is("name of " + TestSite.JOB));
    assertThat(
        client.post("/api/v1/experience/clone-job", Map.of("source_job_uuid", "nothere1")).status(),
        is(404));
  }

  @Test
  void recommendations_count_failed_jobs_and_are_the_same_for_both_methods() throws Exception {
    JsonNode got = client.get("/api/v1/experience/recommend-recipes?algorithm=grpo&limit=3").json();
    JsonNode posted =
        client
            .post("/api/v1/experience/recommend-recipes", Map.of("algorithm", "grpo", "limit", 3))
            .json();
    assertThat(got, is(posted));
    JsonNode grpo = null;
    for (JsonNode one : got.path("recommendations")) {
      grpo = one.path("recipe_id").asText().equals("grpo_basic") ? one : grpo;
    }
    long ended = grpo.path("completed_jobs").asLong() + grpo.path("failed_jobs").asLong();
    assertThat(grpo.path("failed_jobs").asInt(), greaterThan(0));
    assertThat(
        grpo.path("success_rate").asDouble(),
        closeTo(100.0 * grpo.path("completed_jobs").asLong() / ended, 1e-6));
    assertThat(client.get("/api/v1/experience/recommend-recipes?task_type=nope").status(), is(400));
    assertThat(client.get("/api/v1/experience/recommend-recipes?algorithm=nope").status(), is(400));
  }

  @Test
  void best_practices_suggestions_and_similar_jobs_have_their_shapes() throws Exception {
    JsonNode best =
        client
            .post(
                "/api/v1/experience/best-practices", Map.of("recipe_id", "grpo_basic", "top_k", 2))
            .json();
    assertThat(best.path("metric").asText(), is("reward_mean"));
    assertThat(best.path("best_practices").size(), is(2));
    JsonNode unknown =
        client
            .post(
                "/api/v1/experience/best-practices",
                Map.of("recipe_id", "grpo_basic", "metric", "zeal"))
            .json();
    assertThat(unknown.path("direction").asText(), is("higher"));
    assertThat(unknown.path("notes").toString(), containsString("not known"));
    JsonNode suggested =
        client
            .post(
                "/api/v1/experience/suggest-adjustments",
                Map.of("recipe_id", "grpo_basic", "current_config", Map.of("learning_rate", 0)))
            .json();
    assertThat(suggested.path("best_practices").size(), is(3));
    assertThat(texts(suggested.path("suggestions"), "parameter"), hasItems("learning_rate"));
    JsonNode similar =
        client
            .post(
                "/api/v1/experience/find-similar",
                Map.of("reference_config", Map.of("learning_rate", 1e-6, "batch_size", 128)))
            .json();
    assertThat(similar.path("similar_jobs").size(), is(5));
    assertThat(similar.path("similar_jobs").get(0).path("similarity_score").asDouble(), is(1.0));
  }

  @Test
  void a_metric_that_is_infinite_is_null_with_its_text_beside_it() throws Exception {
    Reply job = client.get("/api/v1/jobs/" + TestSite.FAILED_JOB);
    assertThat(job.status(), is(200));
    JsonNode curves = client.get("/api/v1/jobs/" + TestSite.FAILED_JOB + "/metrics").json();
    assertThat(curves.path("metrics").path("reward_mean").get(1).isNull(), is(true));
    assertThat(job.text(), not(containsString("NaN")));
    assertThat(job.text(), not(containsString("Infinity")));
  }

  @Test
  void our_own_operations_answer_as_their_document_says() throws Exception {
    JsonNode stages = client.get("/api/v1/stages").json();
    assertThat(texts(stages.path("stages"), "stage"), hasItems("pretraining", "finetuning"));
    client.get("/api/v1/stages/status");
    assertThat(client.get("/api/v1/stages/finetuning/preview").status(), is(200));
    assertThat(client.get("/api/v1/stages/nope/preview").status(), is(404));
    JsonNode manifests = client.get("/api/v1/manifests?stage=pretraining").json();
    String id = manifests.path("manifests").get(0).path("manifest_id").asText();
    assertThat(client.get("/api/v1/manifests?search=highway").json().path("total").asInt(), is(1));
    assertThat(client.get("/api/v1/manifests?search=zebra").json().path("total").asInt(), is(0));
    Reply manifest = client.get("/api/v1/manifests/" + id);
    assertThat(
        client.get("/api/v1/manifests/" + id, "If-None-Match", manifest.header("ETag")).status(),
        is(304));
    client.get("/api/v1/manifests/" + id + "/strata");
    JsonNode mix = client.get("/api/v1/manifests/" + id + "/mix?stretches=4").json();
    long sum = 0;
    for (JsonNode dataset : mix.path("datasets")) {
      for (JsonNode samples : dataset.path("samples")) {
        sum += samples.asLong();
      }
    }
    assertThat(sum, is(manifest.json().path("samples").asLong()));
    JsonNode samples = client.get("/api/v1/manifests/" + id + "/samples?at=1000&count=3").json();
    assertThat(samples.path("samples").get(0).path("position").asInt(), is(1000));
    assertThat(samples.path("samples").get(2).path("record").isObject(), is(true));
    assertThat(client.get("/api/v1/manifests/ffffffff").status(), is(404));
    assertThat(client.get("/api/v1/manifests/" + id + "/samples?count=101").status(), is(422));
    assertThat(
        client
            .get("/api/v1/diff?a=manifest:" + id + "&b=manifest:" + id)
            .json()
            .path("diffs")
            .size(),
        is(0));
    assertThat(client.get("/api/v1/diff?a=/etc/passwd&b=manifest:" + id).status(), is(422));
    JsonNode lineage = client.get("/api/v1/lineage?node=" + id + "&depth=2").json();
    assertThat(lineage.path("nodes").size(), is(6));
    assertThat(client.get("/api/v1/lineage?node=nothing-here").status(), is(404));
    assertThat(client.get("/api/v1/lineage").status(), is(422));
    JsonNode jobs = client.get("/api/v1/jobs?status=failed&limit=1").json();
    assertThat(jobs.path("jobs").get(0).path("status").asText(), is("failed"));
    assertThat(client.get("/api/v1/jobs?status=nope").status(), is(422));
    assertThat(client.get("/api/v1/jobs/zzzz0000").status(), is(404));
    assertThat(client.get("/api/v1/trainings?limit=2").json().path("trainings").size(), is(2));
    assertThat(client.get("/api/v1/data-changes").json().path("changes").size(), is(0));
    assertThat(client.get("/api/v1/openapi.yaml").text(), containsString("openapi: 3.1.0"));
    assertThat(client.get("/metrics").text(), containsString("mixdown_http_answers_total"));
    assertThat(client.get("/healthz").status(), is(200));
  }

  @Test
  void stages_are_switched_checked_and_brought_back_and_each_is_recorded() throws Exception {
    JsonNode switched =
        client
            .post("/api/v1/stages/switch", Map.of("stage", "evaluation", "reason", "a look"))
            .json();
    assertThat(switched.path("outcome").asText(), is("switched"));
    assertThat(
        client.get("/api/v1/stages/status").json().path("current_stage").asText(),
        is("evaluation"));
    assertThat(
        client.post("/api/v1/stages/rollback", Map.of()).json().path("stage").asText(),
        is("pretraining"));
    assertThat(client.post("/api/v1/stages/confirm", Map.of()).status(), is(409));
    assertThat(
        client.post("/api/v1/stages/switch", Map.of("stage", "nope")).status(),
        is(in(List.of(409, 422))));
    assertThat(
        client
            .post("/api/v1/stages/switch", Map.of("stage", "evaluation", "reason", "two\nlines"))
            .status(),
        is(422));
    JsonNode check =
        client
            .post(
                "/api/v1/stages/check",
                Map.of("epoch", 3, "metrics", Map.of("loss", 0.5), "in_stage", "pretraining"))
            .json();
    assertThat(check.path("action").asText(), is("stay"));
    Registry registry = site.service().site().registry();
    List<CallEntry> calls = registry.readAll(EntryKind.CALL, registry.ids(EntryKind.CALL));
    List<String> operations = calls.stream().map(CallEntry::operation).toList();
    assertThat(operations, hasItems("switchStage", "rollbackStage", "confirmStage", "checkStage"));
    assertThat("what only reads is not recorded", operations, not(hasItems("applyRecipe")));
    CallEntry first =
        calls.stream()
            .filter(call -> call.operation().equals("switchStage") && call.status() == 200)
            .findFirst()
            .orElseThrow();
    assertThat(first.caller(), is("local"));
    assertThat(first.request().path("reason").asText(), is("a look"));
    assertThat(first.path(), is("/api/v1/stages/switch"));
  }

  @Test
  void samples_of_manifests_are_counted_compared_and_looked_at_for_leaks() throws Exception {
    JsonNode manifests = client.get("/api/v1/manifests?stage=pretraining").json();
    String id = manifests.path("manifests").get(0).path("manifest_id").asText();
    JsonNode exposure = client.get("/api/v1/exposure?manifests=" + id).json();
    long given = 0;
    for (JsonNode dataset : exposure.path("datasets")) {
      given += dataset.path("samples").asLong();
    }
    assertThat(given, is(exposure.path("manifests").get(0).path("samples").asLong()));
    assertThat(client.get("/api/v1/exposure").status(), is(422));
    assertThat(client.get("/api/v1/exposure?manifests=ffffffff").status(), is(404));
    assertThat(client.get("/api/v1/exposure?model=none").status(), is(404));
    JsonNode overlap = client.get("/api/v1/manifests/" + id + "/overlap?with=" + id).json();
    assertThat(overlap.path("in_both").asLong(), is(given));
    assertThat(overlap.path("same_position").asLong(), is(given));
    assertThat(client.get("/api/v1/manifests/" + id + "/overlap").status(), is(422));
    Reply leaks =
        client.post("/api/v1/leaks", Map.of("stage", "pretraining", "against", "pretraining"));
    JsonNode work = finished(leaks.header("Location"));
    assertThat(work.toString(), work.path("state").asText(), is("done"));
    assertThat(work.path("result").path("count").asInt(), is(3000));
    assertThat(client.post("/api/v1/leaks", Map.of("stage", "nope")).status(), is(404));
    assertThat(client.post("/api/v1/leaks", Map.of("against", "/etc/passwd")).status(), is(404));
    assertThat(
        client.post("/api/v1/leaks", Map.of("stage", "pretraining", "model", "m")).status(),
        is(422));
  }

  @Test
  void long_work_is_accepted_followed_and_done() throws Exception {
    Reply accepted = client.post("/api/v1/stages/finetuning/plan", Map.of());
    assertThat(accepted.status(), is(202));
    String place = accepted.header("Location");
    JsonNode work = finished(place);
    assertThat(work.path("state").asText(), is("done"));
    assertThat(work.path("result").path("samples").asInt(), is(4167));
    String id = work.path("id").asText();
    Reply events = client.get("/api/v1/work/" + id + "/events", "Accept", "text/event-stream");
    assertThat(events.text(), containsString("event: work"));
    assertThat(events.text(), containsString("\"state\":\"done\""));
    Reply made = client.post("/api/v1/stages/finetuning/prepare", Map.of("epoch", 1));
    assertThat(made.text(), made.status(), is(202));
    JsonNode prepared = finished(made.header("Location"));
    assertThat(prepared.path("state").asText(), is("done"));
    String manifest = prepared.path("result").path("manifest_id").asText();
    assertThat(client.get("/api/v1/manifests/" + manifest).status(), is(200));
    assertThat(texts(client.get("/api/v1/work").json().path("work"), "id"), hasItems(id));
    assertThat(
        client.call("DELETE", "/api/v1/work/" + id, null).json().path("state").asText(),
        is("done"));
    assertThat(client.get("/api/v1/work/none").status(), is(404));
    assertThat(client.post("/api/v1/stages/nope/plan", Map.of()).status(), is(404));
    Files.delete(site.repository.resolve("stages/online_learning.json"));
    Reply broken = client.post("/api/v1/stages/online_learning/plan", Map.of());
    assertThat(broken.text(), broken.status(), is(202));
    JsonNode failed = finished(broken.header("Location"));
    assertThat(failed.path("state").asText(), is("failed"));
    assertThat(failed.path("problem").path("status").asInt(), is(422));
  }

  private static JsonNode finished(String place) throws Exception {
    for (int i = 0; i < 600; i++) {
      JsonNode work = client.get(place).json();
      if (!work.path("ended_at").isNull()) {
        return work;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(place + " does not end");
  }

  @AfterAll
  static void every_operation_of_the_document_was_called() {
    List<String> all =
        dev.mixdown.service.http.OpenApi.bundled().operations().stream()
            .map(operation -> operation.id())
            .toList();
    assertThat(all, everyItem(in(Client.CALLED)));
  }
}
