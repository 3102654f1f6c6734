package dev.mixdown.service;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.service.access.Access;
import dev.mixdown.service.access.CallLog;
import dev.mixdown.service.access.Gate;
import dev.mixdown.service.access.Tokens;
import dev.mixdown.service.http.CallCounts;
import dev.mixdown.service.http.OpenApi;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.pages.Pages;
import dev.mixdown.service.pages.Watch;
import dev.mixdown.service.site.ServiceSettings;
import dev.mixdown.service.site.Site;
import dev.mixdown.service.work.WorkPool;
import dev.mixdown.storage.Causes;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.ZoneId;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The service: HTTP for programs, and pages for people. It runs until it is closed. */
public final class Service implements AutoCloseable {
  private static final int LONGEST_HEADERS = 16 << 10;
  private static final int MOST_CONNECTIONS = 512;
  private static final int MOST_THREADS = 64;
  private static final long FAREWELL_MILLIS = 15_000;

  private final Site site;
  private final WorkPool works;
  private final Watch watch;
  private final Javalin server;

  private Service(Site site, WorkPool works, Watch watch, Javalin server) {
    this.site = site;
    this.works = works;
    this.watch = watch;
    this.server = server;
  }

  /**
   * Starts it. It listens when this returns, and says at {@code /readyz} when it has read what lies
   * in the registry.
   *
   * @throws ConfigException when it may not be started so, or cannot listen there
   */
  public static Service start(ServiceSettings settings) throws IOException {
    // What people write into active_stage.yaml by hand is in this time zone too.
    Clock clock = Clock.system(ZoneId.systemDefault());
    Tokens tokens = settings.tokenFile().map(Tokens::in).orElse(Tokens.none());
    Site site = new Site(settings, clock);
    WorkPool works = new WorkPool(clock);
    CallCounts counts = new CallCounts();
    Access access = new Access(tokens, settings.host(), settings.origins(), clock);
    Gate gate = new Gate(access, new CallLog(site.registry(), clock), counts);
    OpenApi api = OpenApi.bundled();
    Watch watch = new Watch(site, settings.watch());
    Routes routes = new Routes(site, works, counts, api);
    Javalin server =
        Javalin.create(
            config -> {
              limits(config);
              config.routes.before(gate::before);
              routes.add(config.routes, gate);
              new Pages(access, gate, site).add(config.routes, site, works, watch);
              config.routes.exception(Exception.class, (e, context) -> gate.failed(context, e));
              config.routes.error(404, gate::unanswered);
              config.routes.error(405, gate::unanswered);
            });
    Service service = new Service(site, works, watch, server);
    try {
      server.start(settings.host(), settings.port());
    } catch (RuntimeException e) {
      service.close();
      throw cannotListen(settings, e);
    }
    site.start();
    return service;
  }

  private static RuntimeException cannotListen(ServiceSettings settings, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketException || cause instanceof UnresolvedAddressException) {
        return new ConfigException(
            "the service",
            "--host %s --port %d".formatted(settings.host(), settings.port()),
            "it cannot listen there%s; choose another port (0 for any that is free), or another address of this machine"
                .formatted(Causes.inBrackets(cause)));
      }
    }
    return e;
  }

  private static void limits(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.http.maxRequestSize = Request.LONGEST_BODY;
    config.http.prefer405over404 = true;
    config.router.treatMultipleSlashesAsSingleSlash = true;
    config.jetty.threadPool = new QueuedThreadPool(MOST_THREADS, 4);
    config.jetty.modifyHttpConfiguration(Service::limits);
    config.jetty.modifyServer(Service::limits);
  }

  private static void limits(HttpConfiguration http) {
    http.setRequestHeaderSize(LONGEST_HEADERS);
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
  }

  private static void limits(Server server) {
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
    server.setStopTimeout(FAREWELL_MILLIS);
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Its own view of the files. */
  public Site site() {
    return site;
  }

  /** Lets requests end, cancels work, and closes the catalog. */
  @Override
  public void close() {
    watch.close();
    works.close();
    server.stop();
    site.close();
  }
}
