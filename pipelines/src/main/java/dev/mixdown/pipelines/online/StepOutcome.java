package dev.mixdown.pipelines.online;

import dev.mixdown.transforms.stream.Cut;
import java.util.List;
import java.util.Optional;

/**
 * What came of a step.
 *
 * @param planned the next increment; empty where there is none
 * @param why there is none, for people; empty where there is one
 * @param held the stratum that holds back, and how many records it lacks for another block
 * @param arriving how many files came that the chain does not have yet
 * @param young how many of them may still be written to
 * @param missing files with waiting records that are gone
 * @param rejected what is wrong with files that cannot be used
 * @param notes what a user may want to know
 */
public record StepOutcome(
    Optional<Planned> planned,
    String why,
    Cut.Held held,
    int arriving,
    int young,
    List<String> missing,
    List<String> rejected,
    List<String> notes) {}
