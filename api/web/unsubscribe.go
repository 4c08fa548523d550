package web

import "net/http"

// unsubscribePage asks whether e-mails are to end. It changes nothing: programs
// that look at the links of an e-mail open it before its reader does.
func unsubscribePage(r *request) error {
	if err := r.readUnsubscribe(); err != nil {
		return err
	}
	return r.render(http.StatusOK, "unsubscribe", "", r.text("unsubscribe.title"), nil)
}

// unsubscribe ends e-mails: for the form of the page, and for the one click of a
// mail program (RFC 8058), which sends neither cookies nor a page's address along.
func unsubscribe(r *request) error {
	if err := r.readUnsubscribe(); err != nil {
		return err
	}
	if err := r.site.Refusals.Unsubscribe(r.Request.Context(), r.Param("token")); err != nil {
		return err
	}
	return r.render(http.StatusOK, "unsubscribed", "", r.text("unsubscribed.title"), nil)
}

// readUnsubscribe speaks the language of whom the token names.
func (r *request) readUnsubscribe() error {
	lang, err := r.site.Refusals.Unsubscriber(r.Request.Context(), r.Param("token"))
	if err == nil && lang != "" {
		r.speaker = r.site.speakers[r.site.chooseLang(r.Writer, r.Request, lang)]
	}
	return err
}
