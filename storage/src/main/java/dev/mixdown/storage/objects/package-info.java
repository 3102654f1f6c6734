/**
 * Object stores behind {@link dev.mixdown.storage.Storage}: {@code s3://} and {@code obs://}, each
 * with an address and credentials of its own.
 *
 * <p>The client is Amazon's own, and not Beam's file systems over it: their writer publishes what
 * was written when a write fails, knows no condition and does not give up an upload; their reader
 * takes a short answer for the whole object, and two versions of an object for one.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.storage.objects;
