"""What every page needs: the request, the guard, errors, languages, menu, drafts."""
