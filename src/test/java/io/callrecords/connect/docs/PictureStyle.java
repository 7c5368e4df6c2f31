package io.callrecords.connect.docs;

/** What all pictures of the documentation have in common. */
public final class PictureStyle {
  /** Turns light and dark round for a reader whose browser is dark; the hues stay. */
  public static final String FOLLOWS_COLOUR_SCHEME =
      "<style>@media (prefers-color-scheme: dark)"
          + " {:root {filter: invert(.9) hue-rotate(180deg)}}</style>";

  private PictureStyle() {}
}
