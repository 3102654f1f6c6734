/**
 * Object stores behind {@link dev.mixdown.storage.Storage}: {@code s3://} and {@code obs://}, each
 * with an address and credentials of its own.
 *
 * <p>The clients are those of Beam's {@code amazon-web-services2} module, to whose file systems
 * {@link dev.mixdown.storage.objects.StoreFileSystems} adds {@code obs://}. Reading and writing is
 * not left to its channels: its writer publishes what was written when a write fails, knows no
 * condition and does not give up an upload; its reader takes a short answer for the whole object,
 * and two versions of an object for one.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.storage.objects;
