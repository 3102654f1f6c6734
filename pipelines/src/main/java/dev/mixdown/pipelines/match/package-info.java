/** Which files a dataset is made of. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.match;
