package kickoff.zeebe;

/** Zeebe will not do it, and says why. */
final class RejectedException extends Exception {
  private final String code;

  RejectedException(String code, String reason) {
    super(reason);
    this.code = code;
  }

  /** Such as NOT_FOUND. */
  String code() {
    return code;
  }
}
