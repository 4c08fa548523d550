// Package web serves the pages: the console of advisers, planners and
// engineers, and the customers' booking page. Pages are rendered on the server
// in Chinese or English and work without scripts; htmx refreshes what is live
// and uPlot draws the charts. Everything a page needs is embedded.
//
//	internal/wording  every text, zh beside en, is there
//	templates/       layout.html frames the pages; partials/ are shared
//	assets           style sheets, scripts, icons, vendored libraries (package assets)
package web
