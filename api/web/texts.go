package web

import (
	"net/http"

	"presage/internal/wording"
)

type textsBody struct {
	Rows   [][]wording.Preview // of each kind, both languages
	Real   bool                // about a case, not about samples
	Sample bool                // samples were asked for
	Folder string
	Faults []wording.Fault
}

// texts shows every kind of message as it would be sent.
func texts(r *request) error {
	r.heed()
	return r.textsPage(http.StatusOK, nil)
}

func (r *request) textsPage(status int, faults []wording.Fault) error {
	b := textsBody{Sample: r.Query("sample") != "", Folder: r.site.Texts.TextFolder(), Faults: faults}
	rows, genuine, err := r.site.Texts.TextPreviews(r.Request.Context(), !b.Sample)
	if err != nil {
		return err
	}
	b.Real = genuine
	for i, row := range rows {
		if i == 0 || rows[i-1].Kind != row.Kind {
			b.Rows = append(b.Rows, nil)
		}
		b.Rows[len(b.Rows)-1] = append(b.Rows[len(b.Rows)-1], row)
	}
	return r.render(status, "texts", "outbox", r.text("texts.title"), b)
}

// reloadTexts reads the operator's folder again: without a fault its texts count
// from now on, else the faults are shown and nothing changes.
func reloadTexts(r *request) error {
	if faults := r.site.Texts.ReloadTexts(); len(faults) > 0 {
		return r.textsPage(http.StatusUnprocessableEntity, faults)
	}
	return r.redirect("/outreach/templates?notice=texts")
}
