package dev.mixdown.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The pages in Chromium, which is skipped where it is not installed. */
class BrowserTest {
  private static final List<Path> BROWSERS =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/google-chrome"));
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  @TempDir static Path folder;
  private static TestSite site;
  private static ChromeDriver browser;
  private static String manifest;
  private static String large;

  @BeforeAll
  static void start() throws Exception {
    Path chromium =
        BROWSERS.stream().filter(Files::isExecutable).findFirst().orElse(BROWSERS.get(0));
    Assumptions.assumeTrue(
        Files.isExecutable(chromium) && Files.isExecutable(DRIVER),
        "no " + chromium + " and " + DRIVER + ": install chromium and chromium-driver");
    site = new TestSite(folder);
    manifest = site.prepare("pretraining");
    site.prepare("finetuning");
    large = million();
    site.jobs(30);
    site.start();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,900", "--lang=en");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(DRIVER.toString()))
                .usingAnyFreePort()
                .build(),
            options);
  }

  /** A stage of a million samples. */
  private static String million() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      lines.append("{\"clip\":").append(i).append("}\n");
    }
    Files.writeString(site.repository.resolve("data/many.jsonl"), lines);
    Files.writeString(
        site.repository.resolve("stages/evaluation.json"),
        """
        {"dataset_index": [{"name": "many", "obs_path": "data/many.jsonl", "bundle_versions": [],
          "duplicate": 500}]}
        """);
    return site.prepare("evaluation");
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.quit();
    }
    if (site != null) {
      site.close();
    }
  }

  private static void open(String path) {
    browser.get("http://127.0.0.1:" + site.port() + path);
  }

  private static String text() {
    return browser.findElement(By.tagName("body")).getText();
  }

  private static void await(String text) {
    waiting().until(b -> text().contains(text));
  }

  /** A page may be replaced while it is looked at. */
  private static FluentWait<WebDriver> waiting() {
    return new WebDriverWait(browser, Duration.ofSeconds(20))
        .ignoring(StaleElementReferenceException.class);
  }

  private static List<String> views() {
    return List.of(
        "/",
        "/stages",
        "/stages/finetuning",
        "/manifests",
        "/manifests/" + manifest,
        "/samples?manifest=" + manifest,
        "/diff?a=manifest:" + manifest + "&b=manifest:" + manifest,
        "/lineage",
        "/lineage?node=" + manifest,
        "/recipes",
        "/recipes/grpo_basic?model_size=7B&gpus=8",
        "/jobs",
        "/jobs/" + TestSite.JOB,
        "/jobs/compare?a=" + TestSite.JOB + "&b=" + TestSite.OTHER_JOB,
        "/diff?a=recipe:sft_basic&b=recipe:dpo_basic",
        "/data",
        "/login");
  }

  private static void light(boolean dark) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  @Test
  void no_view_has_a_barrier_that_axe_finds_on_light_and_on_dark() {
    for (boolean dark : List.of(false, true)) {
      light(dark);
      for (String view : views()) {
        open(view);
        AxeBuilder axe = new AxeBuilder();
        if (dark) {
          // Only colours differ.
          axe.withRules(List.of("color-contrast"));
        }
        Results found = axe.analyze(browser);
        assertThat(
            view + (dark ? " in the dark" : ""),
            found.getViolations().stream()
                .map(v -> v.getId() + ": " + v.getNodes().get(0).getHtml())
                .toList(),
            is(empty()));
      }
    }
    light(false);
  }

  @Test
  void no_view_complains_loads_from_elsewhere_or_is_wider_than_a_narrow_screen() {
    browser.manage().window().setSize(new Dimension(500, 900));
    for (String view : views()) {
      open(view);
      List<?> hosts =
          (List<?>)
              browser.executeScript(
                  "return [...new Set(performance.getEntriesByType('resource')"
                      + ".map(r => new URL(r.name).host))].filter(h => h !== location.host)");
      assertThat(view, hosts, is(empty()));
      Number wider =
          (Number)
              browser.executeScript(
                  "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assertThat(view, wider.intValue(), is(0));
    }
    List<String> complaints =
        browser.manage().logs().get(LogType.BROWSER).getAll().stream()
            .filter(
                entry -> entry.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue())
            .map(LogEntry::getMessage)
            .toList();
    assertThat(complaints, is(empty()));
    browser.manage().window().setSize(new Dimension(1200, 900));
  }

  @Test
  void the_first_view_is_light() {
    open("/");
    Number bytes =
        (Number)
            browser.executeScript(
                "return performance.getEntries().reduce((n, e) => n + (e.transferSize || 0), 0)");
    assertThat(bytes.intValue(), greaterThan(1000));
    assertThat(bytes.intValue(), lessThan(100_000));
  }

  @Test
  void the_api_page_reads_the_document_from_here() {
    open("/api");
    await("/api/v1/recipes");
  }

  @Test
  void a_position_in_a_million_samples_is_jumped_to() {
    open("/manifests/" + large);
    assertThat(text(), containsString("1,000,000 samples"));
    WebElement position = browser.findElement(By.name("at"));
    position.clear();
    position.sendKeys("765432", Keys.ENTER);
    await("765,432");
    List<WebElement> records = browser.findElements(By.cssSelector(".sample pre"));
    assertThat(records.size(), is(10));
    assertThat(records.get(0).getText(), containsString("clip"));
    browser.findElement(By.linkText("After")).click();
    await("765,442");
  }

  @Test
  void a_node_of_the_lineage_shows_what_it_is_and_the_picture_grows() {
    open("/lineage?node=" + manifest);
    WebElement picture = browser.findElement(By.cssSelector(".picture svg"));
    double before = Double.parseDouble(picture.getAttribute("width"));
    browser.findElement(By.cssSelector("button[data-zoom='1.25']")).click();
    assertThat(Double.parseDouble(picture.getAttribute("width")), is(before * 1.25));
    WebElement node =
        browser.findElement(By.cssSelector(".picture a[data-kind='dataset version'] rect"));
    new org.openqa.selenium.interactions.Actions(browser).click(node).perform();
    WebElement panel = browser.findElement(By.cssSelector("aside.panel"));
    new WebDriverWait(browser, Duration.ofSeconds(5))
        .until(b -> panel.getText().contains("dataset version"));
    panel.findElement(By.linkText("What is around it")).click();
    await("Save as SVG");
  }

  @Test
  void leaks_are_looked_for_and_shown_with_their_places() {
    open("/samples");
    new Select(browser.findElement(By.name("stage"))).selectByVisibleText("pretraining");
    new Select(browser.findElement(By.name("against"))).selectByValue("pretraining");
    browser.findElement(By.xpath("//button[text()='Look for leaks']")).click();
    await("3,000 leaks, the first 100 shown.");
    assertThat(text(), containsString("stage \"pretraining\""));
  }

  @Test
  void curves_are_drawn_and_times_are_in_the_readers_zone() {
    open("/jobs/compare?a=" + TestSite.JOB + "&b=" + TestSite.OTHER_JOB);
    new WebDriverWait(browser, Duration.ofSeconds(10))
        .until(b -> b.findElements(By.cssSelector(".curves canvas")).size() >= 2);
    open("/manifests");
    WebElement time = browser.findElement(By.tagName("time"));
    assertThat(time.getAttribute("title"), containsString("UTC"));
  }

  @Test
  void a_stage_is_planned_and_switched_to_and_the_first_page_says_so() throws Exception {
    open("/stages/finetuning");
    browser.findElement(By.tagName("summary")).click();
    browser.findElement(By.xpath("//button[starts-with(., 'Plan')]")).click();
    await("done: 4167 samples");
    WebElement form = browser.findElement(By.cssSelector("form.switch"));
    form.findElement(By.name("reason")).sendKeys("seen in a browser");
    form.findElement(By.tagName("button")).click();
    await("Active stage");
    await("seen in a browser");
    assertThat(browser.findElement(By.cssSelector(".big")).getText(), is("finetuning"));
    browser.findElement(By.tagName("summary")).click();
    browser.findElement(By.name("reason")).sendKeys("back");
    browser.findElement(By.xpath("//button[. = 'Roll back']")).click();
    waiting().until(b -> b.findElement(By.cssSelector(".big")).getText().equals("pretraining"));
  }

  @Test
  void a_keyboard_reaches_the_content_and_the_links() {
    open("/manifests");
    new org.openqa.selenium.interactions.Actions(browser).sendKeys(Keys.TAB).perform();
    assertThat(browser.switchTo().activeElement().getText(), is("To the content"));
  }
}
