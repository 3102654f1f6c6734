package dev.mixdown.configs.repository;

import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The git checkout that a folder lies in, asked by the user's own git. */
public record GitCheckout(String folder) {
  /**
   * What a git command said.
   *
   * @param code its exit code
   */
  public record ProgramOutput(int code, String text) {}

  /**
   * What is checked out.
   *
   * @param branch empty where none is checked out
   * @param url of the remote it came from, without a user's name or password
   */
  public record State(String commit, Optional<String> branch, Optional<URI> url) {}

  /**
   * Runs git.
   *
   * @param command its words, none of which has a space in it
   * @param arguments what may have any character in it
   */
  public ProgramOutput say(String command, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("git", "-C", folder));
    words.addAll(Arrays.asList(command.split(" ", -1)));
    words.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new ProgramOutput(process.waitFor(), text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while git was running", e);
    }
  }

  /** What is checked out; empty where there is no commit, no checkout or no git. */
  public Optional<State> state() {
    if (StoragePath.scheme(folder).isPresent()) {
      return Optional.empty();
    }
    try {
      ProgramOutput commit = say("rev-parse --verify --quiet HEAD");
      if (commit.code() != 0) {
        return Optional.empty();
      }
      ProgramOutput branch = say("symbolic-ref --short --quiet HEAD");
      ProgramOutput remote = say("config --get remote.origin.url");
      return Optional.of(
          new State(
              commit.text(),
              branch.code() == 0 ? Optional.of(branch.text()) : Optional.empty(),
              remote.code() == 0 ? url(remote.text()) : Optional.empty()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether nothing was changed since the commit. In a large tree git takes its time to tell. */
  public boolean isClean() throws IOException {
    return say("status --porcelain").text().isEmpty();
  }

  /** A remote's address as a URL of host and path: a password in it stays where it is. */
  private static Optional<URI> url(String remote) {
    String web = remote.contains("://") ? remote : remote.replaceFirst("^([^/:]+):", "ssh://$1/");
    try {
      URI uri = new URI(web.replaceFirst("^([a-z+]+://)[^/]*@", "$1"));
      return uri.getHost() == null
          ? Optional.empty()
          : Optional.of(new URI("https", uri.getHost(), uri.getPath(), null));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
