/**
 * Records that are on two sides although they should not be: what a stage or a model trains on, and
 * what is held out from it.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.leaks;
