/** Long work. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service.work;
