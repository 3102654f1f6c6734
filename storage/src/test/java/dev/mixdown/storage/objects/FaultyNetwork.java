package dev.mixdown.storage.objects;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Stands between clients and a server, one request a connection, and lets go wrong what a test
 * wants. It sees every request, so that tests can count them.
 */
public final class FaultyNetwork implements AutoCloseable {
  private final ServerSocket socket;
  private final int server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile boolean oneWriteAtATime;
  private volatile Function<String, Fault> faults = request -> Fault.NONE;

  /**
   * What goes wrong with one request.
   *
   * @param status an error that is answered in the server's place; 0 for none
   * @param millis how long the answer is held back
   * @param requestBytes after how many bytes of the request the connection breaks; -1 for never
   * @param answerBytes after how many bytes of the answer the connection breaks; -1 for never
   * @param withoutConditions whether the server is not told the request's conditions
   */
  public record Fault(
      int status, long millis, long requestBytes, long answerBytes, boolean withoutConditions) {
    public static final Fault NONE = new Fault(0, 0, -1, -1, false);

    public static Fault status(int status) {
      return new Fault(status, 0, -1, -1, false);
    }

    public static Fault slow(long millis) {
      return new Fault(0, millis, -1, -1, false);
    }

    public static Fault cutRequest(long bytes) {
      return new Fault(0, 0, bytes, -1, false);
    }

    public static Fault cutAnswer(long bytes) {
      return new Fault(0, 0, -1, bytes, false);
    }

    public static Fault noConditions() {
      return new Fault(0, 0, -1, -1, true);
    }
  }

  public FaultyNetwork(int server) throws IOException {
    this.server = server;
    this.socket = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  public String endpoint() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /**
   * From now on.
   *
   * @param chosen for a request line, {@code GET /bucket/key}
   */
  public void faults(Function<String, Fault> chosen) {
    faults = chosen;
  }

  /** Whether the server is to see one write after the other. */
  public void oneWriteAtATime(boolean one) {
    oneWriteAtATime = one;
  }

  /** The request lines so far, without their protocol. */
  public List<String> requests() {
    return requests;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        daemon(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      if (head.isEmpty()) {
        return;
      }
      String request = head.substring(0, head.indexOf(" HTTP/"));
      requests.add(request);
      Fault fault = faults.apply(request);
      if (fault.status() != 0) {
        client
            .getOutputStream()
            .write(
                ("HTTP/1.1 "
                        + fault.status()
                        + " Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        client.shutdownOutput();
        // Whoever is still sending is let finish, else it would see a broken connection instead.
        client.setSoTimeout(500);
        drain(client.getInputStream());
        return;
      }
      Thread.sleep(fault.millis());
      if (oneWriteAtATime && request.startsWith("PUT")) {
        synchronized (this) {
          forward(client, head, fault);
        }
      } else {
        forward(client, head, fault);
      }
    } catch (IOException | InterruptedException e) {
      // One of the two is gone; so is the connection.
    }
  }

  private void forward(Socket client, String head, Fault fault) throws IOException {
    try (Socket backend = new Socket(InetAddress.getLoopbackAddress(), server)) {
      StringBuilder changed = new StringBuilder();
      for (String line : head.split("\r\n", -1)) {
        String name = line.toLowerCase(Locale.ROOT);
        boolean condition = name.startsWith("if-match:") || name.startsWith("if-none-match:");
        if (!name.startsWith("connection:") && !(condition && fault.withoutConditions())) {
          changed.append(line).append("\r\n");
        }
      }
      changed.append("Connection: close\r\n\r\n");
      backend.getOutputStream().write(changed.toString().getBytes(StandardCharsets.ISO_8859_1));
      daemon(
          () -> {
            try {
              pump(client.getInputStream(), backend.getOutputStream(), fault.requestBytes());
              if (fault.requestBytes() >= 0) {
                backend.close();
                client.close();
              }
            } catch (IOException e) {
              // The answer's side notices too.
            }
          });
      pump(backend.getInputStream(), client.getOutputStream(), fault.answerBytes());
    }
  }

  /** Copies until the end, or so many bytes. */
  private static void pump(InputStream in, OutputStream out, long bytes) throws IOException {
    byte[] buffer = new byte[16 << 10];
    long left = bytes < 0 ? Long.MAX_VALUE : bytes;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        return;
      }
      out.write(buffer, 0, read);
      out.flush();
      left -= read;
    }
  }

  private static void drain(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.write(b);
      matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
