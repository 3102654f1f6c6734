package dev.mixdown.pipelines.online;

import java.io.Serializable;

/**
 * It is time to look.
 *
 * @param number from 1
 * @param drain whether what there is shall be published, however little
 * @param files how many files were sent to be read for it, once somebody has looked
 */
record Pulse(long number, boolean drain, int files) implements Serializable {
  Pulse with(int sent) {
    return new Pulse(number, drain, sent);
  }
}
