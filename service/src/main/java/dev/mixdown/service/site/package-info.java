/** What the service is about, and how it is started. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service.site;
