package dev.mixdown.configs.syntax;

import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.problems.Refused;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Passes the events of a YAML document on, and ends the reading where mappings and lists are nested
 * too deep: composing them takes as many nested calls.
 */
final class DepthLimit implements Parser {
  private final Parser events;
  private final String file;
  private final int most;
  private int depth;

  DepthLimit(Parser events, String file, int most) {
    this.events = events;
    this.file = file;
    this.most = most;
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return events.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return events.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return events.hasNext();
  }

  @Override
  public Event next() {
    Event event = events.next();
    switch (event.getEventId()) {
      case MappingStart, SequenceStart -> {
        if (++depth > most) {
          Optional<Mark> mark = event.getStartMark();
          Place place =
              mark.map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1))
                  .orElse(Place.of(file));
          throw new Refused(new Problem(place, "", JsonTree.tooDeep(most)));
        }
      }
      case MappingEnd, SequenceEnd -> depth--;
      default -> {
        // Scalars and marks of the document lie in what is open.
      }
    }
    return event;
  }
}
