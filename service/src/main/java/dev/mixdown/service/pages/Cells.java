package dev.mixdown.service.pages;

import java.util.List;

/** A row of a table. */
public record Cells(List<String> cells) {
  static Cells of(String... cells) {
    return new Cells(List.of(cells));
  }

  /** The n-th cell, from 0. */
  public String at(int n) {
    return cells.get(n);
  }
}
