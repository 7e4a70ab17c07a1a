// Progressive enhancement only: every page works without these modules.
import { initArticleTools } from "./article_tools.js";
import { initMenu } from "./menu.js";
import { initRelativeTime } from "./relative_time.js";
import { initSearchSuggestions } from "./search_suggestions.js";
import { initTheme } from "./theme.js";

initTheme();
initMenu();
initArticleTools();
initRelativeTime();
initSearchSuggestions();
