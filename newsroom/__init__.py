from newsroom.sqlite_library import take_mended_library

take_mended_library()
