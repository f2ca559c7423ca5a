package kickoff.zeebe;

/** Zeebe rejected a command, with a reason. */
final class RejectedException extends Exception {
  private final String code;

  RejectedException(String code, String reason) {
    super(reason);
    this.code = code;
  }

  /** Zeebe's code, such as NOT_FOUND. */
  String code() {
    return code;
  }
}
