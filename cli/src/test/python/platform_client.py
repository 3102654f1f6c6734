"""Plays the platform's own calls against a service, in the order of a working day.

Only the standard library; usage: platform_client.py ADDRESS FILE OTHER_FILE
"""
import json
import sys
import urllib.error
import urllib.request

ADDRESS, FILE, OTHER_FILE = sys.argv[1:]
CALLED = set()


def call(method, path, body=None, status=200, operation=None):
    CALLED.add(operation or (method, path.split("?")[0]))
    request = urllib.request.Request(
        ADDRESS + "/api/v1/" + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "X-API-KEY": "as-the-platform-sends-it"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            got, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        got, text = error.code, error.read()
    assert got == status, (method, path, got, text)
    return json.loads(text)


def has(document, **types):
    for key, kind in types.items():
        assert key in document, (key, document)
        assert isinstance(document[key], kind), (key, document[key])
    return document


NUMBER = (int, float, type(None))

# Somebody looks for a recipe.
for summary in call("GET", "recipes"):
    has(summary, id=str, name=str, description=str, task_type=str, algorithm=str, tags=list)
assert len(call("GET", "recipes?task_type=rlhf")) == 3
assert len(call("GET", "recipes?tag=grpo")) == 3
assert "rlhf" in call("GET", "recipes/task-types")
assert "grpo" in call("GET", "recipes/tags")
call("GET", "recipes?task_type=unknown", status=400)
recipe = has(
    call("GET", "recipes/grpo_basic", operation="recipe"),
    id=str, name=str, description=str, task_type=str, recommended_algorithm=str,
    default_config=dict, data_requirements=dict, model_size_hint=str, min_gpus=int,
    recommended_gpus=int, tips=list, tags=list, author=str, version=str,
)
assert "detail" in call("GET", "recipes/none", status=404, operation="recipe")

# They fit it, and check what came of it.
applied = has(
    call("POST", "recipes/apply", {"recipe_id": "grpo_basic", "model_size": "7B", "num_gpus": 8}),
    recipe_id=str, config=dict, warnings=list,
)
has(
    call("POST", "recipes/validate", {"recipe_id": "grpo_basic", "config": applied["config"]}),
    valid=bool, warnings=list, errors=list,
)
assert isinstance(call("POST", "recipes/apply", {}, status=422)["detail"], list)

# They record their data.
version = has(
    call("POST", "dataset-versions/snapshot", {"file_path": FILE, "tags": ["day"]}),
    id=int, dataset_name=str, file_path=str, file_hash=str, hash_algorithm=str, file_size=int,
    file_size_mb=(int, float), format=str, num_samples=int, tags=list, created_at=str,
)
assert call("POST", "dataset-versions/snapshot", {"file_path": FILE})["id"] == version["id"]
call("POST", "dataset-versions/snapshot", {"file_path": OTHER_FILE})
listed = has(call("GET", "dataset-versions?limit=2"), versions=list, total=int)
assert len(listed["versions"]) <= 2 <= listed["total"]
first, second = call("GET", "dataset-versions?limit=2")["versions"]
assert call("GET", "dataset-versions/" + version["file_hash"], operation="version") == version
has(
    call("GET", "dataset-versions/%s/lineage" % second["file_hash"], operation="lineage"),
    dataset_version=dict, used_by_jobs=list, num_jobs=int,
)
has(
    call("POST", "dataset-versions/compare",
         {"hash_a": first["file_hash"], "hash_b": second["file_hash"]}),
    identical=bool, hash_changed=bool, size_changed=bool, samples_changed=bool, hash_a=str,
    hash_b=str, size_diff_mb=(int, float), samples_diff=(int, type(None)),
)

# They ask what worked.
best = has(call("GET", "experience/recommend-recipes"), recommendations=list)["recommendations"]
assert best == call("POST", "experience/recommend-recipes", {})["recommendations"]
for one in best:
    has(one, recipe_id=str, recipe_name=str, description=str, algorithm=str,
        success_rate=(int, float), total_jobs=int, completed_jobs=int, failed_jobs=int,
        avg_learning_rate=NUMBER, avg_batch_size=NUMBER)
recipe_id = best[0]["recipe_id"]
practices = has(
    call("POST", "experience/best-practices", {"recipe_id": recipe_id}),
    recipe_id=str, metric=str, best_practices=list,
)["best_practices"]
for one in practices:
    has(one, job_uuid=str, job_name=str, metric_value=NUMBER, learning_rate=NUMBER,
        batch_size=NUMBER, num_epochs=NUMBER, kl_coef=NUMBER, lora_rank=NUMBER, config=dict)
for one in has(
    call("POST", "experience/suggest-adjustments",
         {"recipe_id": recipe_id, "current_config": {"learning_rate": 1}, "metric": "reward_mean"}),
    suggestions=list, best_practices=list,
)["suggestions"]:
    has(one, parameter=str, current_value=str, suggested_value=str, reason=str)
similar = has(
    call("POST", "experience/find-similar", {"reference_config": applied["config"]}),
    similar_jobs=list,
)["similar_jobs"]
for one in similar:
    has(one, job_uuid=str, job_name=str, similarity_score=(int, float), learning_rate=NUMBER,
        batch_size=NUMBER, kl_coef=NUMBER)
a, b = similar[0]["job_uuid"], similar[1]["job_uuid"]

# They clone the best, and look at what differs.
cloned = has(
    call("POST", "experience/clone-job", {"source_job_uuid": a, "overrides": {"learning_rate": 1e-6}}),
    config=dict, source_job_uuid=str, source_job_name=str,
)
has(cloned["config"], cloned_from=str, cloned_at=str)
DIFF = dict(diffs=list, added_count=int, removed_count=int, modified_count=int,
            unchanged_count=int, has_critical_changes=bool, summary=str, report=str)
has(call("POST", "config-diff/compare",
         {"config_a": applied["config"], "config_b": cloned["config"]}), **DIFF)
has(call("POST", "config-diff/compare/recipes",
         {"recipe_id_a": "grpo_basic", "recipe_id_b": "sft_basic"}), **DIFF)
jobs = has(call("POST", "config-diff/compare/jobs", {"job_uuid_a": a, "job_uuid_b": b}), **DIFF)
assert call("GET", "config-diff/compare/jobs/%s/vs/%s" % (a, b), operation="vs") == jobs
for one in jobs["diffs"]:
    has(one, path=str, type=str, importance=str)
    assert "old_value" in one and "new_value" in one

assert len(CALLED) == 21, sorted(map(str, CALLED))
print("21 operations answered as the platform's clients expect")
