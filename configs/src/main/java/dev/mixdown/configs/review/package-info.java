/** Whether what a release repository says can work: beyond the form of its files. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.review;
