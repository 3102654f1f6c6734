/** A first release repository, made from a look at the data. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.init;
