/** The jobs: each is a request in and an outcome out, without a terminal. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines;
