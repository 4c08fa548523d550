package app

import "presage/outreach/knowledge"

// openLibrary reads the articles that advisers answer with: with a fault in one of them
// the service does not start.
func (a *App) openLibrary() error {
	files, err := knowledge.Read(a.cfg.Outreach.Knowledge)
	if err != nil {
		return err
	}
	a.articles = &knowledge.Library{Store: a.SQL, Files: files, Now: a.Clock.Now}
	return nil
}
